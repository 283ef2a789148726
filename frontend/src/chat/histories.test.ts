import { beforeEach, expect, test } from "vitest";
import type { Message, Opened, Page, Room } from "../wire/shapes";
import { Histories } from "./histories";

/** A server with one room, whose pages wait until the test lets them go. */
class FakeRoom {
  log: Message[] = [];
  asked: { fields: Record<string, number>; answer: (page: Page) => void }[] = [];

  say(count = 1): Message {
    for (let said = 0; said < count; said++) {
      const seq = this.log.length + 1;
      this.log.push({
        room: "r",
        seq,
        kind: "posted",
        author: null,
        text: `text ${seq}`,
        at: "2026-01-01T00:00:00.000Z",
      });
    }
    return this.log.at(-1)!;
  }

  opened(): Opened {
    const room = { id: "r", head: this.log.length, floor: 0 } as Room;
    return { room, members: [], messages: this.log.slice(-50), more_before: this.log.length > 50 };
  }

  request = <Answer>(_type: string, fields: object = {}): Promise<Answer> =>
    new Promise((resolve) =>
      this.asked.push({ fields: fields as Record<string, number>, answer: (page) => resolve(page as Answer) }),
    );

  /** Answers the oldest page that was asked for, from the log as it is now. */
  async answers(): Promise<void> {
    const { fields, answer } = this.asked.shift()!;
    const { before = Infinity, after = 0, limit = 50 } = fields;
    const inside = this.log.filter(({ seq }) => seq > after && seq < before);
    const messages = "after" in fields ? inside.slice(0, limit) : inside.slice(-limit);
    const last = messages.at(-1)?.seq ?? 0;
    answer({ messages, more_before: (messages[0]?.seq ?? 0) > 1, more_after: last < this.log.length });
    await new Promise((done) => setTimeout(done));
  }
}

let room: FakeRoom;
let reloads: string[];
let histories: Histories;

const seqs = () => histories.logs.get("r")!.messages.map((message) => message.seq);

beforeEach(() => {
  room = new FakeRoom();
  reloads = [];
  histories = new Histories(
    room.request,
    () => undefined,
    (id) => reloads.push(id),
  );
  room.say(3);
  histories.opening("r");
  histories.opened(room.opened());
});

test("a jump in the log is paged, and what was pushed meanwhile follows", async () => {
  room.say(2);
  histories.receive(room.say());
  histories.receive(room.say());
  expect(seqs()).toEqual([1, 2, 3]);

  await room.answers();

  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(room.asked).toEqual([]);
});

test("a beacon that tells nothing new asks for nothing", () => {
  histories.beacon({ r: 3, unknown: 9 });

  expect(room.asked).toEqual([]);
});

test("a beacon that is ahead fills what was lost", async () => {
  room.say(2);
  histories.beacon({ r: 5 });

  await room.answers();

  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
});

test("a gap found while older messages are being fetched is filled right after them", async () => {
  room.say(97);
  histories.forget("r");
  histories.opening("r");
  histories.opened(room.opened());
  const older = histories.older("r");
  room.say();
  histories.receive(room.say());

  await room.answers();
  await older;
  await room.answers();

  expect(seqs()).toEqual(Array.from({ length: 102 }, (_, index) => index + 1));
});

test("a gap too long to fill reloads the room for a reader of its newest messages", async () => {
  room.say(900);
  histories.receive(room.say());

  await room.answers();
  await room.answers();

  expect(reloads).toEqual(["r"]);
});

test("after a reset nothing old is shown, and pushes wait for the new page", () => {
  histories.reset("r");
  histories.receive(room.say());
  expect(seqs()).toEqual([]);

  room.say();
  histories.opened(room.opened());

  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  expect(histories.positions()).toEqual({ r: 5 });
});

test("a room that is still being opened is not resumed", () => {
  histories.opening("other");

  expect(histories.positions()).toEqual({ r: 3 });
});

test("rooms visited long ago are forgotten", () => {
  for (let visit = 1; visit <= 9; visit++) histories.opening(`room ${visit}`);

  expect(histories.logs.has("r")).toBe(false);
});

test("a page that comes after a jump leaves no hole", async () => {
  room.say(397);
  histories.forget("r");
  histories.opening("r");
  histories.opened(room.opened());
  const older = histories.older("r");
  const jump = histories.around("r", 100);
  const late = room.asked.shift()!;

  room.asked.shift()!.answer({ messages: room.log.slice(50, 150), more_before: true, more_after: true });
  await jump;
  late.answer({ messages: room.log.slice(300, 350), more_before: true, more_after: true });
  await older;

  expect(seqs()).toEqual(Array.from({ length: 100 }, (_, index) => index + 51));
});

test("of two jumps the last one counts, whichever is answered first", async () => {
  room.say(397);
  const [first, second] = [histories.around("r", 100), histories.around("r", 300)];
  const late = room.asked.shift()!;

  room.asked.shift()!.answer({ messages: room.log.slice(280, 320), more_before: true, more_after: true });
  await second;
  late.answer({ messages: room.log.slice(80, 120), more_before: true, more_after: true });
  await first;

  expect(seqs()[0]).toBe(281);
});
