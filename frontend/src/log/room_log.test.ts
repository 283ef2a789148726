import { describe, expect, test } from "vitest";
import type { Message } from "../wire/shapes";
import {
  announced,
  isBehind,
  movedTo,
  OPENING_LOG,
  opened,
  received,
  renamed,
  refreshed,
  replayed,
  starred,
  withNewer,
  withOlder,
  WINDOW_LIMIT,
} from "./room_log";
import type { RoomLog } from "./room_log";

function entry(seq: number, fields: Partial<Message> = {}): Message {
  const at = new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString();
  return { room: "r", seq, kind: "posted", author: null, text: `text ${seq}`, at, ...fields };
}

function entries(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));
}

function seqs(log: RoomLog): number[] {
  return log.messages.map((message) => message.seq);
}

const range = (from: number, to: number) => entries(from, to).map((message) => message.seq);

describe("following", () => {
  const log = opened({ messages: entries(1, 3) }, 3, 0);

  test("the next entry is appended", () => {
    expect(seqs(received(log, entry(4), true))).toEqual([1, 2, 3, 4]);
  });

  test("a repeated entry changes nothing", () => {
    expect(received(log, entry(3, { text: "again" }), true)).toBe(log);
  });

  test("an entry after a gap is held back, and the log knows that it is behind", () => {
    const jumped = received(log, entry(6), true);

    expect(seqs(jumped)).toEqual([1, 2, 3]);
    expect(isBehind(jumped)).toBe(true);
  });

  test("held entries follow as soon as the missing one arrives", () => {
    const jumped = received(received(log, entry(6), true), entry(5), true);

    const whole = received(jumped, entry(4), true);

    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(isBehind(whole)).toBe(false);
  });

  test("a beacon reveals a lost last message", () => {
    expect(isBehind(announced(log, 3))).toBe(false);
    expect(isBehind(announced(log, 4))).toBe(true);
  });

  test("an unknown kind still moves the log on", () => {
    const strange = received(log, entry(4, { kind: "sang" }), true);

    expect(strange.last).toBe(4);
    expect(isBehind(received(strange, entry(5), true))).toBe(false);
  });

  test("what arrives while the room is being opened is applied once it is", () => {
    const early = received(received(OPENING_LOG, entry(4), true), entry(5), true);

    expect(seqs(opened({ messages: entries(1, 4) }, 4, 0, early))).toEqual([1, 2, 3, 4, 5]);
  });

  test("a message that a page has shown already is not doubled when it is pushed", () => {
    const ahead = withOlder({ ...log, messages: entries(3, 5) }, { messages: [] });

    expect(seqs(received(ahead, entry(4), true))).toEqual([3, 4, 5]);
  });

  test("a long window drops its start while the reader follows", () => {
    const full = opened({ messages: entries(1, WINDOW_LIMIT) }, WINDOW_LIMIT, 0);

    const next = received(full, entry(WINDOW_LIMIT + 1), true);

    expect(next.messages.length).toBeLessThan(WINDOW_LIMIT);
    expect(next.messages.at(-1)!.seq).toBe(WINDOW_LIMIT + 1);
    expect(next.moreBefore).toBe(true);
  });

  test("a long window drops its end while the reader is scrolled up", () => {
    const full = opened({ messages: entries(1, WINDOW_LIMIT) }, WINDOW_LIMIT, 0);

    const next = received(full, entry(WINDOW_LIMIT + 1), false);

    expect(next.messages[0]!.seq).toBe(1);
    expect(next.attached).toBe(false);
  });
});

describe("changes", () => {
  const log = opened({ messages: entries(1, 3) }, 3, 0);

  test("an edit replaces the text of its target and is not shown itself", () => {
    const changed = received(log, entry(4, { kind: "edited", target: 2, text: "better" }), true);

    expect(seqs(changed)).toEqual([1, 2, 3]);
    expect(changed.messages[1]).toMatchObject({ text: "better", edited_at: entry(4).at });
  });

  test("an edit older than what a page showed does not bring the old text back", () => {
    const current = { ...entry(2, { text: "newest" }), edited_at: entry(9).at };
    const paged = opened({ messages: [current] }, 3, 0);

    const after = received(paged, entry(4, { kind: "edited", target: 2, text: "middle" }), true);

    expect(after.messages[0]!.text).toBe("newest");
  });

  test("a deletion leaves no text behind", () => {
    const after = received(log, entry(4, { kind: "deleted", target: 2 }), true);

    expect(after.messages[1]).toMatchObject({ deleted: true, text: "", html: null });
  });

  test("clearing empties the window and leaves the line that tells of it", () => {
    const after = received(log, entry(4, { kind: "cleared", upto: 3 }), true);

    expect(seqs(after)).toEqual([4]);
    expect(after.floor).toBe(3);
  });

  test("a page asked for before the clearing cannot bring cleared messages back", () => {
    const after = received({ ...log, moreBefore: true }, entry(4, { kind: "cleared", upto: 3 }), true);

    expect(seqs(withOlder(after, { messages: entries(1, 2) }))).toEqual([4]);
  });
});

describe("coming back", () => {
  const log = opened({ messages: entries(1, 3) }, 3, 0);

  test("a replay brings everything missed, once", () => {
    const back = replayed(log, [...entries(3, 5), entry(6, { kind: "edited", target: 1, text: "new" })], true);

    expect(seqs(back)).toEqual([1, 2, 3, 4, 5]);
    expect(back.last).toBe(6);
    expect(back.messages[0]!.text).toBe("new");
  });

  test("what was pushed before the replay came is not lost", () => {
    const pushedFirst = received(log, entry(6), true);

    expect(seqs(replayed(pushedFirst, entries(4, 5), true))).toEqual(range(1, 6));
  });

  test("reading the window again after a gap shows edits made in the gap", () => {
    const jumped = received(log, entry(6), true);

    const fresh = refreshed(jumped, { messages: [entry(1, { text: "edited" }), ...entries(2, 6)] }, jumped);

    expect(fresh.messages[0]!.text).toBe("edited");
    expect(isBehind(fresh)).toBe(false);
  });

  test("what is pushed while the window is read again is applied after it", () => {
    const asked = received(log, entry(6), true);
    const meanwhile = received(asked, entry(7), true);

    const fresh = refreshed(meanwhile, { messages: entries(1, 6) }, asked);

    expect(seqs(fresh)).toEqual(range(1, 7));
    expect(fresh.held.size).toBe(0);
  });
});

test("a gap too long for the window leaves it in the past, not with a hole", () => {
  const log = opened({ messages: entries(1, 3) }, 3, 0);
  const asked = announced(log, 900);

  const fresh = refreshed(asked, { messages: entries(1, 400), more_after: true }, asked);

  expect(fresh).toMatchObject({ attached: false, last: 900 });
  expect(seqs(received(fresh, entry(901), false)).at(-1)).toBe(400);
});

describe("paging", () => {
  const log = opened({ messages: entries(51, 100), more_before: true }, 100, 0);

  test("older messages go in front", () => {
    const older = withOlder(log, { messages: entries(1, 50), more_before: false });

    expect(seqs(older)).toEqual(range(1, 100));
    expect(older.moreBefore).toBe(false);
  });

  test("a window that grows too long lets its far end go and is no longer live", () => {
    const long = opened({ messages: entries(201, 600), more_before: true }, 600, 0);

    const older = withOlder(long, { messages: entries(151, 200), more_before: true });

    expect(older.messages.length).toBeLessThanOrEqual(WINDOW_LIMIT);
    expect(older.messages[0]!.seq).toBe(151);
    expect(older.attached).toBe(false);
  });

  test("a live message does not follow a window that ends in the past", () => {
    const past = movedTo(log, { messages: entries(1, 20), more_after: true }, log);

    const next = received(past, entry(101), false);

    expect(seqs(next)).toEqual(range(1, 20));
    expect(next.last).toBe(101);
  });

  test("paging forward reaches the live tail without a hole", () => {
    const past = movedTo(log, { messages: entries(51, 90), more_after: true }, log);
    const asked = received(past, entry(101), false);
    const meanwhile = received(asked, entry(102), false);

    const joined = withNewer(meanwhile, { messages: entries(91, 101), more_after: false }, asked);

    expect(joined.attached).toBe(true);
    expect(seqs(joined)).toEqual(range(51, 102));
  });

  test("a page that ends before the tail begins does not pretend to reach it", () => {
    const past: RoomLog = { ...log, attached: false, tail: entries(150, 160), tailAfter: 149, last: 160 };
    const asked = { ...past, last: 120 };

    expect(withNewer(past, { messages: entries(101, 120), more_after: false }, asked).attached).toBe(false);
  });

  test("a page around the newest messages is live at once", () => {
    expect(movedTo(log, { messages: entries(90, 100), more_after: false }, log).attached).toBe(true);
  });
});

describe("starring", () => {
  const stars = (log: RoomLog) => [...log.messages, ...log.tail].filter(({ starred }) => starred).map(({ seq }) => seq);

  test("my star stays through an edit and goes when I take it back", () => {
    const log = starred(opened({ messages: entries(1, 3) }, 3, 0), 2, true);
    const edited = received(log, entry(4, { kind: "edited", target: 2, text: "new" }), true);

    expect(stars(edited)).toEqual([2]);
    expect(stars(starred(edited, 2, false))).toEqual([]);
  });

  test("a message that waits in the tail is starred, too", () => {
    const log = opened({ messages: entries(1, 9) }, 9, 0);
    const detached = movedTo(log, { messages: entries(1, 3), more_after: true }, log);
    const waiting = received(detached, entry(10), false);

    expect(stars(starred(waiting, 10, true))).toEqual([10]);
  });
});

test("somebody who is called otherwise is so in all they said", () => {
  const bob = { id: "b", username: "bob", display_name: "Bob" };
  const log = received(OPENING_LOG, entry(7, { author: bob }), true);
  const opening = opened({ messages: [entry(1, { author: bob }), entry(2)] }, 2, 0, log);

  const after = renamed(opening, { ...bob, display_name: "Robert" });

  expect(after.messages.map((message) => message.author?.display_name)).toEqual(["Robert", undefined]);
  expect([...after.held.values()].map((message) => message.author?.display_name)).toEqual(["Robert"]);
  expect(renamed(after, { ...bob, display_name: "Robert" })).toBe(after);
});
