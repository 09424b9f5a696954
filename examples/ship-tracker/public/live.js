// Keeps the page fresh without flicker: only sections whose words have changed are put in place.
const EVERY_MS = 3_000
const SECTIONS = ['arrivals', 'picture', 'next-runs', 'last-runs']

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!answer.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const id of SECTIONS) {
    const before = document.getElementById(id)
    const after = fresh.getElementById(id)
    // Whoever has the keyboard inside a section keeps it.
    if (!before || !after || before.outerHTML === after.outerHTML || before.contains(document.activeElement)) continue
    before.replaceWith(document.adoptNode(after))
  }
}

async function keepFresh() {
  if (!document.hidden) await refresh().catch(() => undefined)
  freshenLater()
}

function freshenLater() {
  setTimeout(() => void keepFresh(), EVERY_MS)
}

freshenLater()
