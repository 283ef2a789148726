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

/** How its reader sees a room. */
export interface View {
  myId: string;
  isDirect: boolean;
  /** My read position when I came: the "New" line stands after it. Null: no line. */
  newAfter: number | null;
  /** The room's newest entry when I came: who dropped in or stepped out before that is no news. */
  since: number;
}

export function timeline(messages: readonly Message[], view: View): Row[] {
  const rows: Row[] = [];
  let before: Message | undefined;
  let lineDrawn = view.newAfter === null;

  for (const message of messages) {
    if (!isShown(message, view)) continue;
    if (!before || dayOf(before) !== dayOf(message)) {
      rows.push({ type: "day", id: `day-${dayOf(message)}`, at: message.at });
    }
    if (!lineDrawn && isNewTo(message, view.newAfter!, view.myId)) {
      rows.push({ type: "new", id: "new" });
      lineDrawn = true;
    }
    const isFolded = fold(rows, message);
    if (!isFolded) rows.push(row(message, rows.at(-1)));
    before = message;
  }
  return rows;
}

function isShown({ kind, seq, author }: Message, { myId, isDirect, since }: View): boolean {
  if (kind === "arrived" || kind === "departed") return seq > since && author?.id !== myId;
  if (kind === "joined") return !isDirect;
  return SHOWN.has(kind);
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

/** A run of people coming and going becomes one line, where whoever joins need not arrive as well. */
function fold(rows: Row[], message: Message): boolean {
  const last = rows.at(-1);
  if (!COMINGS_AND_GOINGS.has(message.kind)) return false;
  if (last?.type !== "fold" && !(last?.type === "service" && COMINGS_AND_GOINGS.has(last.message.kind))) return false;
  const run = last.type === "fold" ? last.messages : [last.message];
  const hasJoined = run.some((other) => other.kind === "joined" && other.author?.id === message.author?.id);
  if (message.kind === "arrived" && hasJoined) return true;
  const id = `fold-${run[0]!.seq}`;
  rows.splice(-1, 1, { type: "fold", id, messages: [...run, message] });
  return true;
}

const NAMED = 3;

/** What one line of a folded run says: kinds with up to three people, and how many more there were. */
export interface Fold {
  parts: { kind: string; names: string[] }[];
  more: number;
}

/**
 * Everybody once, by what they did last, in order of first mention. More than three people who did
 * different things came and went.
 */
export function folded(messages: readonly Message[]): Fold {
  const people = new Map<string, { kind: string; name: string }>();
  for (const { kind, author } of messages) {
    people.set(author?.id ?? "", { kind, name: author?.display_name ?? "?" });
  }
  const kinds = new Map<string, string[]>();
  for (const { kind, name } of people.values()) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  if (people.size <= NAMED) return { parts: [...kinds].map(([kind, names]) => ({ kind, names })), more: 0 };

  const kind = kinds.size === 1 ? [...kinds.keys()][0]! : "came_and_went";
  const names = [...people.values()].slice(0, NAMED).map((person) => person.name);
  return { parts: [{ kind, names }], more: people.size - NAMED };
}
