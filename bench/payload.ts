/** What every job of every contestant carries: 150 bytes of JSON. */
export const payload = { to: 'harbour-master@example.org', subject: 'Arrivals', text: 'x'.repeat(84) }

export const payloadJson = JSON.stringify(payload)
