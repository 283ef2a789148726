import type { Message, Page, Person } from "../wire/shapes";
import { applyChange, isChange } from "./changes";

/**
 * The part of one room's log that this page holds: a contiguous window of messages, and how far
 * the log has been followed. Values are never changed in place; every function returns a new one.
 *
 * The window either ends at the live tail (`attached`) or somewhere in older history. While it
 * does not, the newest live messages wait in `tail`, so that a page reaching them joins without a hole.
 */
export interface RoomLog {
  readonly messages: readonly Message[];
  readonly moreBefore: boolean;
  readonly attached: boolean;
  /** Everything up to this seq has been seen and applied. */
  readonly last: number;
  /** The greatest seq heard of, from pushes and beacons. */
  readonly announced: number;
  /** Everything up to this seq was cleared. */
  readonly floor: number;
  /** Live messages after `tailAfter`, kept only while detached. */
  readonly tail: readonly Message[];
  readonly tailAfter: number;
  /** Pushed entries that came too early: something before them is missing. */
  readonly held: ReadonlyMap<number, Message>;
}

/** The DOM stays small however long people scroll. */
export const WINDOW_LIMIT = 400;
const TRIMMED_TO = 300;

export const EMPTY_LOG: RoomLog = {
  messages: [],
  moreBefore: false,
  attached: true,
  last: 0,
  announced: 0,
  floor: 0,
  tail: [],
  tailAfter: 0,
  held: new Map(),
};

/** A room whose first page is on its way: whatever is pushed is held until it is there. */
export const OPENING_LOG: RoomLog = { ...EMPTY_LOG, last: -1 };

/** A fresh window on the latest page, as `open` answers it; what was held meanwhile is applied on top. */
export function opened(page: Page, head: number, floor: number, before: RoomLog = EMPTY_LOG): RoomLog {
  const messages = visible(page.messages, floor);
  const last = Math.max(head, lastSeq(messages));
  const log: RoomLog = {
    ...EMPTY_LOG,
    messages,
    moreBefore: page.more_before ?? false,
    last,
    floor,
    announced: Math.max(last, before.announced),
    held: before.held,
  };
  return drained(log, true);
}

/** One entry of the log, pushed. `following` tells whether the reader looks at the newest messages. */
export function received(log: RoomLog, entry: Message, following: boolean): RoomLog {
  if (entry.seq <= log.last) return log;
  const held = new Map(log.held).set(entry.seq, entry);
  return drained({ ...log, held, announced: Math.max(log.announced, entry.seq) }, following);
}

/** All that was missed while away: the server sends it whole and in order. */
export function replayed(log: RoomLog, entries: readonly Message[], following: boolean): RoomLog {
  const missed = entries.filter((entry) => entry.seq > log.last);
  return drained(
    missed.reduce((so_far, entry) => applied(so_far, entry, following), log),
    following,
  );
}

/** A beacon says how long the log is. */
export function announced(log: RoomLog, head: number): RoomLog {
  return head > log.announced ? { ...log, announced: head } : log;
}

/** Something between what was applied and what was heard of is missing, and has to be paged. */
export function isBehind(log: RoomLog): boolean {
  return log.announced > log.last;
}

export function withOlder(log: RoomLog, page: Page): RoomLog {
  const edge = log.messages[0]?.seq ?? Infinity;
  const older = visible(page.messages, log.floor).filter((message) => message.seq < edge);
  const joined = { ...log, messages: [...older, ...log.messages], moreBefore: page.more_before ?? false };
  return joined.messages.length > WINDOW_LIMIT ? withoutEnd(joined) : joined;
}

/**
 * The next page towards the present. `asked` is the log as it was when the page was requested: a
 * page with nothing after it covers all that was known then, and the tail has all that came since.
 */
export function withNewer(log: RoomLog, page: Page, asked: RoomLog): RoomLog {
  const edge = lastSeq(log.messages);
  const newer = visible(page.messages, log.floor).filter((message) => message.seq > edge);
  const messages = [...log.messages, ...newer];
  const reachesTail = !page.more_after && asked.last >= log.tailAfter;
  if (!reachesTail) return withoutStart({ ...log, messages });

  const end = lastSeq(messages);
  const joined = [...messages, ...log.tail.filter((message) => message.seq > end)];
  return withoutStart({ ...log, messages: joined, attached: true, tail: [] });
}

/** A window somewhere else in history, as `page around` answers it. */
export function movedTo(log: RoomLog, page: Page, asked: RoomLog): RoomLog {
  const messages = visible(page.messages, log.floor);
  const detached = {
    ...log,
    messages,
    moreBefore: page.more_before ?? false,
    attached: false,
    tail: log.attached ? log.messages.filter((message) => message.seq > asked.last) : log.tail,
    tailAfter: log.attached ? asked.last : log.tailAfter,
  };
  return page.more_after ? detached : withNewer(detached, { messages: [], more_after: false }, asked);
}

/** Somebody is called otherwise now, in what they said before as well. */
export function renamed(log: RoomLog, { id, display_name }: Person): RoomLog {
  const byThem = ({ author }: Message): boolean => author?.id === id && author.display_name !== display_name;
  const called = (message: Message): Message =>
    byThem(message) ? { ...message, author: { ...message.author!, display_name } } : message;
  if (![...log.messages, ...log.tail, ...log.held.values()].some(byThem)) return log;
  const held = new Map([...log.held].map(([seq, message]) => [seq, called(message)]));
  return { ...log, messages: log.messages.map(called), tail: log.tail.map(called), held };
}

/** My own star, which no push tells of. */
export function starred(log: RoomLog, seq: number, isStarred: boolean): RoomLog {
  return {
    ...log,
    messages: withStar(log.messages, seq, isStarred),
    tail: withStar(log.tail, seq, isStarred),
  };
}

/**
 * After a gap: the window's own range read again, to its end. New messages alone would not do,
 * because pages do not list the edits and deletions that happened to messages already shown.
 */
export function refreshed(log: RoomLog, page: Page, asked: RoomLog): RoomLog {
  const messages = visible(page.messages, log.floor);
  const last = Math.max(log.last, asked.announced, lastSeq(messages));
  const fresh = { ...log, messages, last, announced: Math.max(log.announced, last), tail: [], tailAfter: last };
  return drained({ ...fresh, attached: !page.more_after }, true);
}

function drained(log: RoomLog, following: boolean): RoomLog {
  let result = log;
  for (let next = result.held.get(result.last + 1); next; next = result.held.get(result.last + 1)) {
    result = applied(result, next, following);
  }
  const held = new Map([...result.held].filter(([seq]) => seq > result.last));
  return { ...result, held };
}

function applied(log: RoomLog, entry: Message, following: boolean): RoomLog {
  const followed = { ...log, last: entry.seq, announced: Math.max(log.announced, entry.seq) };
  if (entry.kind === "cleared") return appended(cleared(followed, entry), entry, following);
  if (!isChange(entry)) return appended(followed, entry, following);
  return {
    ...followed,
    messages: applyChange(followed.messages, entry),
    tail: applyChange(followed.tail, entry),
  };
}

function appended(log: RoomLog, entry: Message, following: boolean): RoomLog {
  if (!log.attached) return trimmedTail({ ...log, tail: [...log.tail, entry] });
  // A page may have been read after this entry was written and before it was pushed.
  if (log.messages.some((message) => message.seq === entry.seq)) return log;
  const longer = { ...log, messages: [...log.messages, entry].sort(bySeq) };
  if (longer.messages.length <= WINDOW_LIMIT) return longer;
  return following ? withoutStart(longer) : withoutEnd(longer);
}

function cleared(log: RoomLog, entry: Message): RoomLog {
  const floor = Math.max(log.floor, entry.upto ?? entry.seq - 1);
  const messages = visible(log.messages, floor);
  return { ...log, floor, messages, tail: visible(log.tail, floor), moreBefore: log.moreBefore && messages.length > 0 };
}

function withoutStart(log: RoomLog): RoomLog {
  if (log.messages.length <= WINDOW_LIMIT) return log;
  return { ...log, messages: log.messages.slice(-TRIMMED_TO), moreBefore: true };
}

function withoutEnd(log: RoomLog): RoomLog {
  const messages = log.messages.slice(0, TRIMMED_TO);
  if (!log.attached) return { ...log, messages };
  return { ...log, messages, attached: false, tail: log.messages.slice(TRIMMED_TO), tailAfter: lastSeq(messages) };
}

function trimmedTail(log: RoomLog): RoomLog {
  if (log.tail.length <= WINDOW_LIMIT) return log;
  const tail = log.tail.slice(-TRIMMED_TO);
  return { ...log, tail, tailAfter: tail[0]!.seq - 1 };
}

function withStar(messages: readonly Message[], seq: number, isStarred: boolean): readonly Message[] {
  return messages.map((message) => (message.seq === seq ? { ...message, starred: isStarred } : message));
}

function visible(messages: readonly Message[], floor: number): Message[] {
  return messages.filter((message) => message.seq > floor && !isChange(message)).sort(bySeq);
}

function lastSeq(messages: readonly Message[]): number {
  return messages.at(-1)?.seq ?? 0;
}

function bySeq(a: Message, b: Message): number {
  return a.seq - b.seq;
}
