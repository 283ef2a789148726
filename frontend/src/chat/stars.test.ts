import { beforeEach, expect, test } from "vitest";
import { Disconnected } from "../wire/shapes";
import type { Found, Message } from "../wire/shapes";
import type { Histories } from "./histories";
import { Stars } from "./stars";

let asked: [string, object][];
let answers: (Found | Error)[];
let marked: unknown[];
let stars: Stars;

beforeEach(() => {
  asked = [];
  answers = [];
  marked = [];
  const request = async <Answer>(type: string, fields: object = {}): Promise<Answer> => {
    asked.push([type, fields]);
    const answer = type === "starred" ? answers.shift() : {};
    if (answer instanceof Error) throw answer;
    return answer as Answer;
  };
  const histories = { starred: (...what: unknown[]) => marked.push(what) } as unknown as Histories;
  stars = new Stars(request, histories);
});

function message(seq: number): Message {
  return { room: "garden", seq, kind: "posted", author: null, text: `${seq}`, at: "2026-01-01T12:00:00.000Z" };
}

function seqs(): number[] {
  return stars.found.value.map(({ seq }) => seq);
}

test("a star is given, shown in the room and listed first", async () => {
  answers = [{ messages: [message(3)], more: false }];
  await stars.load();

  await stars.set(message(7), true);

  expect(asked.at(-1)).toEqual(["star", { room: "garden", seq: 7 }]);
  expect(marked).toEqual([["garden", 7, true]]);
  expect(seqs()).toEqual([7, 3]);
});

test("a star that is taken back is listed no more", async () => {
  answers = [{ messages: [message(7), message(3)], more: false }];
  await stars.load();

  await stars.set(message(7), false);

  expect(asked.at(-1)).toEqual(["unstar", { room: "garden", seq: 7 }]);
  expect(marked).toEqual([["garden", 7, false]]);
  expect(seqs()).toEqual([3]);
});

test("the list goes on where it was and ends", async () => {
  answers = [
    { messages: [message(5)], more: true, next: "here" },
    { messages: [message(4)], more: false },
  ];

  await stars.load();
  await stars.more();
  await stars.more();

  expect(asked).toEqual([
    ["starred", {}],
    ["starred", { before: "here" }],
  ]);
  expect(seqs()).toEqual([5, 4]);
  expect(stars.hasMore.value).toBe(false);
});

test("without a connection what was there stays, and the reason is told", async () => {
  answers = [{ messages: [message(5)], more: false }, new Disconnected()];
  await stars.load();

  await stars.load();

  expect(seqs()).toEqual([5]);
  expect(stars.problem.value).toBeInstanceOf(Disconnected);
  expect(stars.isBusy.value).toBe(false);
});

test("what is edited, deleted or cleared in its room is so in the list", async () => {
  answers = [{ messages: [message(7), message(5), { ...message(5), room: "shed" }, message(3)], more: false }];
  await stars.load();
  const change = (fields: Partial<Message>) => stars.received({ ...message(9), ...fields });

  change({ kind: "edited", target: 7, text: "new" });
  change({ kind: "deleted", target: 5 });
  expect(stars.found.value.map(({ room, text }) => [room, text])).toEqual([
    ["garden", "new"],
    ["shed", "5"],
    ["garden", "3"],
  ]);

  change({ kind: "cleared", upto: 3 });
  expect(seqs()).toEqual([7, 5]);
});
