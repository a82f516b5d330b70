/**
 * Places labels beside the ends of lines so that none covers another: each as near to its line as the others let it.
 * `wanted`: y of each label, in any order; `least`: smallest distance between two; `top`, `bottom`: the space.
 * Returns y in the order given.
 */
export const placeLabels = (
  wanted: readonly number[],
  least: number,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): readonly number[] => {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => b.y - a.y || b.index - a.index)
  const placed = new Array<number>(wanted.length).fill(0)
  let ceiling = bottom
  for (const { y, index } of order) {
    const at = Math.min(y, ceiling)
    placed[index] = at
    ceiling = at - least
  }
  // What was pushed over the top edge pushes the rest down again.
  let floor = top
  for (const { index } of order.reverse()) {
    const at = Math.max(placed[index] ?? top, floor)
    placed[index] = at
    floor = at + least
  }
  return placed
}
