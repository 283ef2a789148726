import { computed, ref, shallowRef } from "vue";
import { applyChange, isChange } from "../log/changes";
import type { Found, Message } from "../wire/shapes";
import type { Histories, Request } from "./histories";

/** What I keep for myself: giving and taking stars, and the list of them. */
export class Stars {
  readonly found = shallowRef<readonly Message[]>([]);
  readonly isBusy = ref(false);
  /** Why there is no list: a Refusal, or that there is no connection. */
  readonly problem = shallowRef<unknown>(null);
  readonly isAnswered = ref(false);
  readonly hasMore = computed(() => this.next.value !== null);
  private readonly next = ref<string | null>(null);
  private turn = 0;

  constructor(
    private readonly request: Request,
    private readonly histories: Histories,
  ) {}

  async set(message: Message, isStarred: boolean): Promise<void> {
    const { room, seq } = message;
    await this.request(isStarred ? "star" : "unstar", { room, seq });
    this.histories.starred(room, seq, isStarred);
    const others = this.found.value.filter((each) => each.room !== room || each.seq !== seq);
    this.found.value = isStarred ? [{ ...message, starred: true }, ...others] : others;
  }

  /** From the beginning: another device of mine may have changed it. */
  async load(): Promise<void> {
    await this.ask({}, (answer) => (this.found.value = answer.messages));
  }

  async more(): Promise<void> {
    if (this.isBusy.value || this.next.value === null) return;
    await this.ask({ before: this.next.value }, (answer) => {
      this.found.value = [...this.found.value, ...answer.messages];
    });
  }

  /** What happens to a message in its room happens to it here. */
  received(entry: Message): void {
    if (entry.kind === "cleared") {
      const upto = entry.upto ?? entry.seq - 1;
      this.found.value = this.found.value.filter((each) => each.room !== entry.room || each.seq > upto);
    } else if (isChange(entry)) {
      const changed = this.found.value.flatMap((each) => (each.room === entry.room ? applyChange([each], entry) : each));
      this.found.value = changed.filter((each) => !each.deleted);
    }
  }

  private async ask(fields: object, take: (answer: Found) => void): Promise<void> {
    const turn = ++this.turn;
    this.isBusy.value = true;
    try {
      const answer = await this.request<Found>("starred", fields);
      if (turn !== this.turn) return;
      take(answer);
      this.next.value = answer.more ? (answer.next ?? null) : null;
      this.problem.value = null;
      this.isAnswered.value = true;
    } catch (reason) {
      if (turn === this.turn) this.problem.value = reason;
    } finally {
      if (turn === this.turn) this.isBusy.value = false;
    }
  }
}
