/** What the word under the cursor could become. Pure: the composer asks, the popup shows. */
export interface Trigger {
  kind: "person" | "room" | "command" | "emoji" | "from" | "in";
  query: string;
  from: number;
  to: number;
}

const WORD = /(?:^|[\s(])([@#:])([\p{L}\p{N}_.-]*)$/u;
const COMMAND = /^\/([\p{L}]*)$/u;
const FILTER = /(?:^|\s)((from|in):[@#]?)([\p{L}\p{N}_.-]*)$/iu;
const KINDS = { "@": "person", "#": "room", ":": "emoji" } as const;

export function triggerAt(text: string, cursor: number): Trigger | null {
  const before = text.slice(0, cursor);
  const command = COMMAND.exec(before);
  if (command) return { kind: "command", query: command[1]!, from: 0, to: cursor };

  const word = WORD.exec(before);
  if (!word) return null;
  const query = word[2]!;
  const kind = KINDS[word[1] as keyof typeof KINDS];
  // ":)" and "at 10:3" are not emoji; two letters are.
  if (kind === "emoji" && !/^\p{L}.+/u.test(query)) return null;
  return { kind, query, from: cursor - query.length - 1, to: cursor };
}

/** In a query: whose messages, and in which room. */
export function filterAt(query: string, cursor: number): Trigger | null {
  const filter = FILTER.exec(query.slice(0, cursor));
  if (!filter) return null;
  const [, operator, kind, name] = filter;
  const from = cursor - name!.length - operator!.length;
  return { kind: kind!.toLowerCase() as "from" | "in", query: name!, from, to: cursor };
}

export function completed(text: string, trigger: Trigger, replacement: string): { text: string; cursor: number } {
  const rest = text.slice(trigger.to);
  const inserted = rest.startsWith(" ") ? replacement : `${replacement} `;
  const cursor = trigger.from + inserted.length + (rest.startsWith(" ") ? 1 : 0);
  return { text: text.slice(0, trigger.from) + inserted + rest, cursor };
}

/** The next choice in a list that goes round. */
export function stepped(index: number, by: number, length: number): number {
  return length === 0 ? 0 : (index + by + length) % length;
}
