/**
 * How well a name answers to what was typed: higher is better, null is not at all. Letters must come
 * in order; beginnings of words and unbroken runs count for more.
 */
export function match(query: string, name: string): number | null {
  const wanted = fold(query);
  const letters = fold(name);
  if (wanted === "") return 0;
  if (letters.startsWith(wanted)) return 1000 - letters.length;

  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = letters.indexOf(letter, at + 1);
    if (next < 0) return null;
    const beginsWord = next === 0 || /[\s_.-]/.test(letters[next - 1]!);
    score += next === at + 1 ? 8 : beginsWord ? 6 : 1;
    at = next;
  }
  return score - letters.length / 100;
}

/** Those that match, best first; equals stay in the order they had. */
export function ranked<Item>(query: string, items: Iterable<Item>, name: (item: Item) => string): Item[] {
  return [...items]
    .map((item) => ({ item, score: match(query, name(item)) }))
    .filter((scored): scored is { item: Item; score: number } => scored.score !== null)
    .sort((a, b) => b.score - a.score)
    .map((scored) => scored.item);
}

function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}
