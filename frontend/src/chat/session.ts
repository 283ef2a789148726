import { computed, ref, shallowRef } from "vue";
import { forgetPerson } from "../text/storage";
import { Connection } from "../wire/connection";
import type { Push, Status } from "../wire/connection";
import type { Counts, Hello, Message, Person, Room, User } from "../wire/shapes";
import { Histories } from "./histories";
import type { Request } from "./histories";
import { Notices } from "./notices";
import { Outgoing } from "./outgoing";
import { People } from "./people";
import { Reading } from "./reading";
import { Rooms } from "./rooms";
import { Search } from "./search";
import { Stars } from "./stars";
import { Visit } from "./visit";

const SOON = 5_000;

/** Everything this page knows, and the one connection that keeps it so. */
export class Session {
  readonly me = shallowRef<User | null>(null);
  readonly status = ref<Status>("connecting");
  /** Off line for so long that people should know. */
  readonly isLost = ref(false);
  readonly textLimit = ref(8_000);
  readonly isReady = computed(() => this.me.value !== null);

  readonly rooms = new Rooms();
  readonly people = new People();
  readonly histories: Histories;
  readonly notices: Notices;
  readonly outgoing: Outgoing;
  readonly reading: Reading;
  readonly search: Search;
  readonly stars: Stars;
  readonly visit: Visit;
  readonly request: Request;

  /** Asked for live messages, so that the page can tell of those that concern me. */
  onMessage: (entry: Message) => void = () => undefined;
  onRoomGone: (room: Room, reason: string) => void = () => undefined;
  /** After the first hello: where to go. */
  onReady: () => void = () => undefined;

  private readonly connection: Connection;
  private epoch: string | null = null;
  private lost: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, isSignedIn: () => Promise<boolean>, signIn: () => void) {
    this.connection = new Connection(
      url,
      {
        opened: () => this.hello(),
        pushed: (push) => this.pushed(push),
        status: (status) => this.turned(status),
        signedOut: signIn,
      },
      isSignedIn,
    );
    this.request = (type, fields) => this.connection.request(type, fields);
    this.histories = new Histories(
      this.request,
      (room) => this.outgoing.shown(room),
      (room) => this.mustReload(room),
    );
    this.notices = new Notices(this.histories);
    this.outgoing = new Outgoing(this.request, this.histories, this.notices, this.rooms);
    this.reading = new Reading(this.request, this.rooms, this.histories);
    this.visit = new Visit(this.request, this.rooms, this.histories, this.people);
    this.stars = new Stars(this.request, this.histories);
    this.search = new Search(this.request, () => this.visit.room.value?.id ?? null);
  }

  start(): void {
    this.connection.open();
  }

  wake(): void {
    this.connection.wake();
  }

  /** Signing out: the server ends the socket first, and that must not race the way to its answer. */
  signOut(): void {
    this.connection.stop();
    forgetPerson();
  }

  /** Somebody, perhaps me, has another name. */
  renamed(person: Person): void {
    const me = this.me.value;
    if (me?.id === person.id) this.me.value = { ...me, display_name: person.display_name };
    this.people.renamed(person);
    this.rooms.renamed(person);
    this.histories.renamed(person);
  }

  tellTyping(room: string): void {
    this.connection.tell("typing", { room });
  }

  private async hello(): Promise<void> {
    const resume = this.epoch === null ? {} : { resume: { epoch: this.epoch, rooms: this.histories.positions() } };
    const answer = await this.request<Hello>("hello", resume);
    const isFirst = this.me.value === null;
    this.me.value = answer.user;
    this.epoch = answer.epoch;
    this.textLimit.value = answer.limits?.text ?? this.textLimit.value;
    this.people.setOnline(answer.user.id, true);
    for (const room of answer.rooms) this.people.meet(room.people ?? []);
    this.keep(answer.rooms);
    if (isFirst) this.onReady();
    else void this.visit.reenter();
  }

  /** The room on the screen at once, any other when it is visited. */
  private mustReload(room: string): void {
    if (room === this.visit.roomId.value) void this.visit.reenter();
    else this.histories.forget(room);
  }

  private keep(rooms: readonly Room[]): void {
    const mine = new Set(rooms.map((room) => room.id));
    this.rooms.replaceAll(rooms);
    for (const id of this.histories.logs.keys()) if (!mine.has(id)) this.histories.forget(id);
  }

  private turned(status: Status): void {
    this.status.value = status;
    if (status === "online") {
      clearTimeout(this.lost);
      this.lost = undefined;
      this.isLost.value = false;
      this.outgoing.online(this.me.value!.id);
      return;
    }
    this.outgoing.offline();
    this.lost ??= setTimeout(() => (this.isLost.value = true), SOON);
  }

  private pushed(push: Push): void {
    switch (push.type) {
      case "message":
        return this.received(push.message as Message);
      case "replay":
        return this.replayed(push.room as string, push.messages as Message[]);
      case "reset":
        return this.histories.reset(push.room as string);
      case "head":
        return this.histories.beacon(push.rooms as Record<string, number>);
      case "presence":
        return this.people.setOnline(personId(push.user), push.online === true);
      case "person":
        return this.renamed(push.user as Person);
      case "typing":
        return this.typing(push.room as string, push.user as Person);
      case "read":
        return this.rooms.setCounts(push.room as string, push as unknown as Counts);
      case "room":
        return this.roomChanged(push.room as Room);
      case "room_gone":
        return this.roomGone(push.room as Room | string, String(push.reason ?? ""));
    }
  }

  private received(entry: Message): void {
    const isNews = entry.seq > (this.histories.logs.get(entry.room)?.last ?? 0);
    this.people.received(entry);
    if (this.rooms.count(entry, this.me.value?.id ?? "")) this.reading.recount(entry.room);
    this.histories.receive(entry);
    this.stars.received(entry);
    if (isNews) this.onMessage(entry);
  }

  private replayed(room: string, entries: Message[]): void {
    for (const entry of entries) {
      this.people.received(entry);
      this.stars.received(entry);
    }
    this.histories.replay(room, entries);
  }

  private typing(room: string, person: Person): void {
    if (person.id !== this.me.value?.id) this.people.startTyping(room, person);
  }

  private roomChanged(room: Room): void {
    this.people.meet(room.people ?? []);
    this.rooms.put(room);
    // Whoever has just joined is told the room, but not the entries up to their own joining.
    this.histories.beacon({ [room.id]: room.head });
  }

  private roomGone(gone: Room | string, reason: string): void {
    const room = this.rooms.all.get(typeof gone === "string" ? gone : gone.id);
    if (!room) return;
    this.rooms.remove(room.id);
    this.histories.forget(room.id);
    this.onRoomGone(room, reason);
  }
}

/** The user of a presence push, whole or by id. */
function personId(user: unknown): string {
  return typeof user === "string" ? user : (user as Person).id;
}
