/** What a merge makes of two tokens, if there is one; later merges make larger tokens. */
type Join = (left: number, right: number) => number | undefined;

const gone = -1;

/**
 * The merges applied in the order in which they were found, each from the beginning of the piece on.
 *
 * A merged pair keeps its left place, and only its two new neighbours are looked at again: a piece of n tokens takes about
 * n steps, where looking through all of it for each merge takes n².
 */
export function applyMerges(bytes: ArrayLike<number>, join: Join): number[] {
  const tokens = Array.from(bytes);
  const { length } = tokens;
  const next = Int32Array.from(tokens, (_, place) => place + 1);
  const previous = Int32Array.from(tokens, (_, place) => place - 1);
  const joinAt = (place: number) =>
    place >= 0 && next[place] < length ? join(tokens[place], tokens[next[place]]) : undefined;
  /** Where each merge may be done: the left places, by the token that it makes. */
  const places = new Map<number, number[]>();
  const look = (place: number): void => {
    const token = joinAt(place);
    if (token === undefined) return;
    const known = places.get(token);
    if (known) known.push(place);
    else places.set(token, [place]);
  };

  for (let place = 0; place < length; place++) look(place);
  while (places.size > 0) {
    let first = Infinity;
    for (const token of places.keys()) first = Math.min(first, token);
    const found = places.get(first)!.sort((a, b) => a - b);
    places.delete(first);
    for (const place of found) {
      // One of the two may have gone into another pair.
      if (tokens[place] === gone || joinAt(place) !== first) continue;
      const right = next[place];
      tokens[place] = first;
      tokens[right] = gone;
      next[place] = next[right];
      if (next[right] < length) previous[next[right]] = place;
      look(previous[place]);
      look(place);
    }
  }
  return tokens.filter((token) => token !== gone);
}
