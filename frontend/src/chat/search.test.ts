import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Disconnected, Refusal } from "../wire/shapes";
import type { Found } from "../wire/shapes";
import { Search } from "./search";

interface Asked {
  fields: object;
  answer: (found: Found) => void;
  refuse: (reason: Error) => void;
}

let questions: Asked[];
let search: Search;

beforeEach(() => {
  vi.useFakeTimers();
  questions = [];
  const request = <Answer>(_type: string, fields: object = {}): Promise<Answer> =>
    new Promise((resolve, refuse) =>
      questions.push({ fields, answer: (found) => resolve(found as Answer), refuse }),
    );
  search = new Search(request, () => "garden");
});
afterEach(() => void vi.useRealTimers());

function found(...texts: string[]): Found {
  const messages = texts.map((text, index) => ({
    room: "garden",
    seq: index + 1,
    kind: "posted",
    author: null,
    text,
    at: "2026-01-01T00:00:00.000Z",
  }));
  return { messages, more: false };
}

function type(query: string): void {
  search.query.value = query;
  search.typed();
}

const texts = () => search.found.value.map((message) => message.text);
const settle = () => vi.advanceTimersByTimeAsync(0);

test("asks once somebody stops typing, in the room on the screen", async () => {
  type("ros");
  await vi.advanceTimersByTimeAsync(200);
  type("rose");
  await vi.advanceTimersByTimeAsync(249);
  expect(questions).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);

  expect(questions.map(({ fields }) => fields)).toEqual([{ query: "rose*", room: "garden" }]);
});

test("everywhere names no room", () => {
  search.everywhere.value = true;
  search.query.value = "rose ";
  void search.now();

  expect(questions[0]!.fields).toEqual({ query: "rose" });
});

test("an answer to an earlier question is dropped", async () => {
  search.query.value = "rose";
  void search.now();
  search.query.value = "tulip";
  void search.now();

  questions[1]!.answer(found("a tulip"));
  await settle();
  questions[0]!.answer(found("a rose"));
  await settle();

  expect(texts()).toEqual(["a tulip"]);
  expect(search.isBusy.value).toBe(false);
});

test("what was found stays until the next answer is there", async () => {
  search.query.value = "rose";
  void search.now();
  questions[0]!.answer(found("a rose"));
  await settle();
  type("roses");
  await vi.advanceTimersByTimeAsync(250);

  expect(texts()).toEqual(["a rose"]);
  expect(search.isBusy.value).toBe(true);
});

test("more goes on with the question that was answered", async () => {
  search.query.value = "rose";
  void search.now();
  questions[0]!.answer({ ...found("one"), more: true, next: "cursor" });
  await settle();
  search.query.value = "rose t";
  void search.more();
  void search.more();
  questions[1]!.answer(found("two"));
  await settle();

  expect(questions.slice(1).map(({ fields }) => fields)).toEqual([
    { query: "rose*", room: "garden", before: "cursor" },
  ]);
  expect(texts()).toEqual(["one", "two"]);
  expect(search.hasMore.value).toBe(false);
});

test("an emptied box shows nothing, and no late answer either", async () => {
  search.query.value = "rose";
  void search.now();
  type("");
  questions[0]!.answer(found("a rose"));
  await settle();

  expect(texts()).toEqual([]);
  expect(search.isAnswered.value).toBe(false);
  expect(search.isBusy.value).toBe(false);
});

test("a refused question has no hits, a broken line keeps them", async () => {
  search.query.value = "rose";
  void search.now();
  questions[0]!.answer(found("a rose"));
  await settle();
  void search.now();
  questions[1]!.refuse(new Disconnected());
  await settle();
  expect(texts()).toEqual(["a rose"]);
  expect(search.problem.value).toBeInstanceOf(Disconnected);
  void search.now();
  questions[2]!.refuse(new Refusal("query_invalid", "query: says nothing after from:", "invalid"));
  await settle();

  expect(texts()).toEqual([]);
  expect(search.problem.value).toBeInstanceOf(Refusal);
});

test("what is not meant yet is not asked", async () => {
  type("rose from:");
  await vi.advanceTimersByTimeAsync(1_000);

  expect(questions).toEqual([]);
});
