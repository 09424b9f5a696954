/** What every job of every contestant carries: 130 bytes of JSON. */
export const payload = { to: 'harbour-master@example.org', subject: 'Arrivals', text: 'x'.repeat(62) }

export const payloadJson = JSON.stringify(payload)
