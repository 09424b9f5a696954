/** A sentence about a zone name that probably means something else; else undefined. */
export function zoneDoubt(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const city = withoutSummer[name.toUpperCase()]
  if (city !== undefined)
    return `The zone "${name}" has no summer time. Write "${city.zone}" for the clocks of ${city.name}, or "${city.offset}" for what it says.`
  const parts = /^Etc\/GMT([+-])(\d{1,2})$/i.exec(name)
  if (parts === null || parts[2] === '0') return undefined
  const [, sign, hours = ''] = parts
  const real = `${sign === '-' ? '+' : '-'}${hours.padStart(2, '0')}:00`
  const way = sign === '-' ? 'ahead of' : 'behind'
  return `The zone "${name}" is ${hours} hours ${way} UTC: in these names the sign is reversed. Write "${real}", which is the same, or "${sign}${hours.padStart(2, '0')}:00" if that was meant.`
}

const withoutSummer: Readonly<
  Record<string, { readonly zone: string; readonly name: string; readonly offset: string }>
> = {
  EST: { zone: 'America/New_York', name: 'New York', offset: '-05:00' },
  MST: { zone: 'America/Denver', name: 'Denver', offset: '-07:00' }
}
