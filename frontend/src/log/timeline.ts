import type { Message } from "../wire/shapes";

/** The rows of a history, from the messages of its window. Pure; the components only draw. */
export type Row =
  | { type: "day"; id: string; at: string }
  | { type: "new"; id: string }
  | { type: "message"; id: string; message: Message; continued: boolean }
  | { type: "service"; id: string; message: Message }
  | { type: "notice"; id: string; message: Message }
  | { type: "fold"; id: string; messages: Message[] };

const GROUP_WITHIN = 5 * 60_000;
const COMINGS_AND_GOINGS = new Set(["joined", "left", "arrived", "departed"]);
/** A command's output, said by this client to its own reader; it is in no log. */
export const NOTICE = "notice";
const SHOWN = new Set([
  "posted",
  NOTICE,
  ...COMINGS_AND_GOINGS,
  "removed",
  "banned",
  "unbanned",
  "invited",
  "renamed",
  "topic_changed",
  "role_changed",
  "muted",
  "unmuted",
  "cleared",
]);

/** `newAfter`: my read position when I came; the "New" line stands after it. Null: no line. */
export function timeline(messages: readonly Message[], newAfter: number | null, myId: string): Row[] {
  const rows: Row[] = [];
  let before: Message | undefined;
  let lineDrawn = newAfter === null;

  for (const message of messages) {
    if (!SHOWN.has(message.kind)) continue;
    if (!before || dayOf(before) !== dayOf(message)) {
      rows.push({ type: "day", id: `day-${dayOf(message)}`, at: message.at });
    }
    if (!lineDrawn && isNewTo(message, newAfter!, myId)) {
      rows.push({ type: "new", id: "new" });
      lineDrawn = true;
    }
    rows.push(row(message, rows.at(-1)));
    fold(rows);
    before = message;
  }
  return rows;
}

export function dayOf(message: Message): string {
  const at = new Date(message.at);
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}

function isNewTo(message: Message, read: number, myId: string): boolean {
  return message.kind === "posted" && message.seq > read && message.author?.id !== myId && !message.deleted;
}

function row(message: Message, above: Row | undefined): Row {
  // A key outlives the change from pending to posted, so that the element does too.
  const id = message.key ? `key-${message.key}` : `seq-${message.seq}`;
  if (message.kind === NOTICE) return { type: "notice", id, message };
  if (message.kind !== "posted") return { type: "service", id, message };
  return { type: "message", id, message, continued: above?.type === "message" && continues(above.message, message) };
}

function continues(before: Message, message: Message): boolean {
  return (
    before.author?.id === message.author?.id &&
    !message.reply_to &&
    Date.parse(message.at) - Date.parse(before.at) < GROUP_WITHIN
  );
}

/** A run of people coming and going becomes one line. */
function fold(rows: Row[]): void {
  const last = rows.at(-1);
  const above = rows.at(-2);
  if (last?.type !== "service" || !COMINGS_AND_GOINGS.has(last.message.kind)) return;
  if (above?.type === "fold") {
    rows.splice(-2, 2, { ...above, messages: [...above.messages, last.message] });
  } else if (above?.type === "service" && COMINGS_AND_GOINGS.has(above.message.kind)) {
    rows.splice(-2, 2, { type: "fold", id: `fold-${above.message.seq}`, messages: [above.message, last.message] });
  }
}

/** What a folded run says: each kind once with the people it happened to, in order of first mention. */
export function foldedByKind(messages: readonly Message[]): { kind: string; names: string[] }[] {
  const kinds = new Map<string, Set<string>>();
  for (const message of messages) {
    const names = kinds.get(message.kind) ?? new Set();
    kinds.set(message.kind, names.add(message.author?.display_name ?? "?"));
  }
  return [...kinds].map(([kind, names]) => ({ kind, names: [...names] }));
}
