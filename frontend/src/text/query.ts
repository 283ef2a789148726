/** A query of the search box, as far as this page has to understand it. The grammar is the server's. */

export const FILTERS = ["from", "in", "before", "after"] as const;
export type Filter = (typeof FILTERS)[number];

const FILTER = /^-?(?:from|in|before|after):/i;
const DAY_BEGUN = /^(?:before|after):(?!\d{4}-\d{2}-\d{2}$)/i;
const FEW_LETTERS = /^-?[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]{1,2}$/u;
const OPEN_WORD = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}_'’-]+$/u;

/**
 * What is asked for while somebody types: the word under way is only the beginning of one, until
 * a blank ends it, or else nothing would be found before its last letter.
 */
export function asked(typed: string): string {
  const last = lastTerm(typed);
  const query = typed.trim();
  return OPEN_WORD.test(last) ? `${query}*` : query;
}

/** Whether the end of the query cannot be meant yet: "from:", "before:2026-1", a lone minus, a word of few letters. */
export function isUnfinished(typed: string): boolean {
  const last = lastTerm(typed);
  return last === "-" || FEW_LETTERS.test(last) || /^-?(?:from|in):[@#]?$/i.test(last) || DAY_BEGUN.test(last);
}

/** The query with an operator at its end, ready for what belongs to it. A star belongs to the word before it. */
export function withTerm(query: string, term: string): string {
  const before = query.trimEnd();
  if (term === "*") return before + term;
  return before ? `${before} ${term}` : term;
}

/** What the server has against a query, told from its words: the key of ours, and what they name. */
export function complaint(reason: string): { key: Complaint; name: string } | null {
  const found = COMPLAINTS.find(([words]) => words.test(reason));
  if (!found) return null;
  return { key: found[1], name: /\b(from|in|before|after):/i.exec(reason)?.[1] ?? "" };
}

const COMPLAINTS = [
  [/needs a word/, "nothing"],
  [/more than \d+ words/, "many_words"],
  [/1 to \d+ characters/, "long"],
  [/minus before/, "minus"],
  [/twice/, "twice"],
  [/says nothing/, "blank"],
  [/needs a day/, "day"],
  [/no room/, "room"],
  [/names nobody/, "person"],
] as const;
export type Complaint = (typeof COMPLAINTS)[number][1];

/** The term that is being typed; empty after a blank, and inside of a phrase. */
function lastTerm(typed: string): string {
  const isInPhrase = typed.split('"').length % 2 === 0;
  const term = /\S*$/.exec(typed)![0];
  return isInPhrase || (term.includes('"') && !FILTER.test(term)) ? "" : term;
}
