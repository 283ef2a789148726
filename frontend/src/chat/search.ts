import { computed, ref, shallowRef } from "vue";
import { asked, isUnfinished } from "../text/query";
import { Refusal } from "../wire/shapes";
import type { Found, FoundMessage } from "../wire/shapes";
import type { Request } from "./histories";

const TYPING_REST = 250;

/**
 * What was searched for, and what was found. It outlives its panel, so that closing that loses
 * nothing. Of several answers under way only the one to the latest question counts.
 */
export class Search {
  readonly query = ref("");
  readonly everywhere = ref(false);
  readonly found = shallowRef<readonly FoundMessage[]>([]);
  readonly isBusy = ref(false);
  /** Why there is no answer: a Refusal, or that there is no connection. */
  readonly problem = shallowRef<unknown>(null);
  /** There is an answer to what stands in the box, even if it found nothing. */
  readonly isAnswered = ref(false);
  readonly hasMore = computed(() => this.next.value !== null);
  private readonly next = ref<string | null>(null);
  private turn = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;
  /** The question whose answer is on the screen. */
  private fields: object = {};

  /** `room` is the one on the screen, if there is one. */
  constructor(
    private readonly request: Request,
    private readonly room: () => string | null,
  ) {}

  /** `isOffering`: a name is being completed, and is not one yet. */
  typed(isOffering = false): void {
    clearTimeout(this.rest);
    if (this.query.value.trim() === "") this.clear();
    else if (!isOffering && !isUnfinished(this.query.value)) {
      this.rest = setTimeout(() => void this.now(), TYPING_REST);
    }
  }

  async now(): Promise<void> {
    clearTimeout(this.rest);
    const query = asked(this.query.value);
    if (query === "") return this.clear();
    const room = this.everywhere.value ? null : this.room();
    const fields = { query, ...(room !== null && { room }) };
    await this.ask(fields, (answer) => {
      this.fields = fields;
      this.found.value = answer.messages;
    });
  }

  /** The next page of the same question, whatever stands in the box by now. */
  async more(): Promise<void> {
    if (this.isBusy.value || this.next.value === null) return;
    await this.ask({ ...this.fields, before: this.next.value }, (answer) => {
      this.found.value = [...this.found.value, ...answer.messages];
    });
  }

  clear(): void {
    this.turn++;
    clearTimeout(this.rest);
    this.isBusy.value = false;
    this.isAnswered.value = false;
    this.found.value = [];
    this.next.value = null;
    this.problem.value = null;
  }

  private async ask(fields: object, take: (answer: Found) => void): Promise<void> {
    const turn = ++this.turn;
    this.isBusy.value = true;
    try {
      const answer = await this.request<Found>("search", fields);
      if (turn !== this.turn) return;
      take(answer);
      this.next.value = answer.more ? (answer.next ?? null) : null;
      this.problem.value = null;
      this.isAnswered.value = true;
    } catch (reason) {
      if (turn === this.turn) this.failed(reason);
    } finally {
      if (turn === this.turn) this.isBusy.value = false;
    }
  }

  /** A question that is refused has no answer; one that could not be asked leaves what there was. */
  private failed(reason: unknown): void {
    if (reason instanceof Refusal && reason.category === "invalid") this.clear();
    this.problem.value = reason;
  }
}
