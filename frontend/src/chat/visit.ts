import { computed, nextTick, ref, shallowRef } from "vue";
import { errorText } from "../i18n";
import { lasting, recall, remember } from "../text/storage";
import { Refusal } from "../wire/shapes";
import type { Opened, Room } from "../wire/shapes";
import type { Histories, Request } from "./histories";
import type { People } from "./people";
import type { Rooms } from "./rooms";

export type Situation = "nowhere" | "loading" | "here" | "outside" | "missing" | "failed";

/** The room on the screen: how I came into it and what is marked there. */
export class Visit {
  readonly roomId = ref<string | null>(null);
  readonly situation = ref<Situation>("nowhere");
  /** My read position when I came: the "New" line stands after it. */
  readonly newAfter = ref<number | null>(null);
  /** The newest entry of the room when I came. */
  readonly since = ref(0);
  /** The message a permalink leads to. */
  readonly target = ref<number | null>(null);
  readonly problem = ref("");
  /** What everybody may know of the public room that I have not joined. */
  readonly doorstep = shallowRef<Room | null>(null);
  readonly room = computed(() => (this.roomId.value ? this.rooms.all.get(this.roomId.value) : undefined));
  /** The name or id that the address gave. */
  asked = "";
  private turns = 0;

  constructor(
    private readonly request: Request,
    private readonly rooms: Rooms,
    private readonly histories: Histories,
    private readonly people: People,
  ) {}

  async enter(nameOrId: string, seq: number | null = null): Promise<void> {
    const known = this.rooms.find(nameOrId);
    if (seq !== null && known && this.isOnScreen(known)) return this.lookAt(known, seq);
    this.leaveScreen(known?.id);
    this.asked = nameOrId;
    this.target.value = null;
    this.newAfter.value = known && known.unread > 0 ? known.read : null;
    this.since.value = known?.head ?? 0;
    this.roomId.value = known?.id ?? null;
    this.situation.value = known && this.isInStep(known.id) ? "here" : "loading";
    try {
      const room = await this.open(nameOrId, known);
      if (this.asked !== nameOrId || !room) return;
      if (!known) this.since.value = room.head;
      this.roomId.value = room.id;
      await this.turnTo(room, seq);
      this.situation.value = "here";
      remember(lasting, "room", room.name ?? room.id);
    } catch (reason) {
      if (this.asked === nameOrId) this.fail(reason);
    }
  }

  /** Another message of the room that is on the screen already: it stays there. */
  private async lookAt(room: Room, seq: number): Promise<void> {
    this.target.value = null;
    // Or a message that is looked at again would not be marked again.
    await nextTick();
    try {
      await this.turnTo(room, seq);
    } catch (reason) {
      // When the connection is back, the room is entered again, at this message.
      this.target.value = seq;
      this.situation.value = "loading";
      this.fail(reason);
    }
  }

  /** On a new connection the server has to be told again which room is on the screen. */
  async reenter(): Promise<void> {
    if (!this.asked) return;
    if (this.situation.value !== "here" || !this.roomId.value) {
      await this.enter(this.asked, this.target.value);
      return;
    }
    const room = this.rooms.all.get(this.roomId.value);
    // Whoever reads far up stays there: what was missed comes as a replay.
    const keeps = this.histories.isLoaded(this.roomId.value);
    await this.open(this.roomId.value, room, keeps).catch((reason: unknown) => this.fail(reason));
  }

  /** From the doorstep of a public room into it. */
  async join(): Promise<void> {
    const { room } = await this.request<{ room: Room }>("join", { name: this.asked });
    this.rooms.put(room);
    await this.enter(this.asked, this.target.value);
  }

  leave(): void {
    this.leaveScreen();
    this.asked = "";
    this.roomId.value = null;
    this.situation.value = "nowhere";
  }

  lastRoom(): Room | undefined {
    const remembered = recall<string>(lasting, "room");
    return (remembered && this.rooms.find(remembered)) || this.rooms.inOrder.value[0];
  }

  private async open(nameOrId: string, known: Room | undefined, keeps = false): Promise<Room | undefined> {
    if (known) this.histories.opening(known.id);
    const answer = await this.askToOpen(nameOrId, known);
    const { room } = answer;
    this.rooms.put(room);
    this.people.opened(room.id, answer.members);
    if (!known) this.histories.opening(room.id);
    const isKept = keeps ? this.histories.isLoaded(room.id) : this.isInStep(room.id);
    if (!isKept) this.histories.opened(answer);
    return room;
  }

  private async askToOpen(nameOrId: string, known: Room | undefined): Promise<Opened> {
    if (known) return this.request<Opened>("open", { room: known.id });
    try {
      return await this.request<Opened>("open", { name: nameOrId });
    } catch (reason) {
      // A direct room has no name, and its address carries its id.
      if (!(reason instanceof Refusal) || !/^[0-9a-f-]{32,36}$/i.test(nameOrId)) throw reason;
      return this.request<Opened>("open", { room: nameOrId });
    }
  }

  /** A permalink shows its message in context; otherwise the first unread one has to be in the window. */
  private async turnTo(room: Room, seq: number | null): Promise<void> {
    const turn = ++this.turns;
    const log = this.histories.logs.get(room.id);
    const first = log?.messages[0]?.seq ?? 0;
    const isHeld = (wanted: number) => wanted >= first && wanted <= (log?.messages.at(-1)?.seq ?? 0);
    if (seq !== null) {
      if (!isHeld(seq)) await this.histories.around(room.id, seq);
      if (turn === this.turns) this.target.value = seq;
      return;
    }
    if (this.newAfter.value === null) return;
    if (log?.moreBefore && first > this.newAfter.value + 1) {
      await this.histories.around(room.id, Math.max(this.newAfter.value, room.floor) + 1);
    }
  }

  private leaveScreen(next?: string): void {
    const id = this.roomId.value;
    if (id && id !== next) this.request("close", { room: id }).catch(() => undefined);
  }

  private isOnScreen(room: Room): boolean {
    return this.situation.value === "here" && this.roomId.value === room.id && this.histories.isLoaded(room.id);
  }

  private isInStep(id: string): boolean {
    return this.histories.isLoaded(id) && this.histories.logs.get(id)!.attached;
  }

  private fail(reason: unknown): void {
    if (!(reason instanceof Refusal)) {
      // The connection broke: the room is entered again when it is back.
      return;
    }
    this.problem.value = errorText(reason.code, reason.message);
    if (reason.code === "not_a_member") {
      this.situation.value = "outside";
      void this.look(this.asked);
    } else this.situation.value = reason.category === "not_found" ? "missing" : "failed";
  }

  private async look(name: string): Promise<void> {
    this.doorstep.value = null;
    try {
      const { rooms } = await this.request<{ rooms: Room[] }>("rooms", { query: name, limit: 50 });
      if (this.asked !== name) return;
      this.doorstep.value = rooms.find((room) => room.name?.toLowerCase() === name.toLowerCase()) ?? null;
    } catch {
      // The doorstep is a courtesy: the room can be joined without it.
    }
  }
}
