import { shallowReactive } from "vue";
import { NOTICE } from "../log/timeline";
import type { Message } from "../wire/shapes";
import type { Histories } from "./histories";

export interface Notice extends Message {
  level: "info" | "error";
}

/** What only I see in a room: the output of my commands, standing where I asked. */
export class Notices {
  readonly byRoom = shallowReactive(new Map<string, readonly Notice[]>());
  private said = 0;

  constructor(private readonly histories: Histories) {}

  say(room: string, text: string, level: Notice["level"]): void {
    const last = this.histories.logs.get(room)?.last ?? 0;
    const at = new Date().toISOString();
    // Between the last entry and the next: a place in the log's order that no entry can have.
    const seq = last + 0.5 + ++this.said / 1e6;
    const notice: Notice = { room, seq, kind: NOTICE, author: null, text, at, level };
    this.byRoom.set(room, [...(this.byRoom.get(room) ?? []), notice]);
  }

  dismiss(notice: Message): void {
    const left = (this.byRoom.get(notice.room) ?? []).filter((said) => said.seq !== notice.seq);
    this.byRoom.set(notice.room, left);
  }
}
