import { inject } from "vue";
import type { InjectionKey } from "vue";
import type { Message, Person } from "../wire/shapes";
import type { Session } from "./session";

export const sessionKey: InjectionKey<Session> = Symbol("session");

export function useSession(): Session {
  return inject(sessionKey)!;
}

export type DialogName = "browse" | "create" | "direct" | "add_people" | "switcher" | "shortcuts" | "account";

/** What components deep in the tree may ask of the page around them. */
export interface Desk {
  openDialog(name: DialogName): void;
  openStarred(): void;
  openSearch(where: "room" | "everywhere"): void;
  go(nameOrId: string, seq?: number): void;
  writeTo(person: Person): Promise<void>;
  reply(message: Message): void;
  edit(message: Message): void;
  askToDelete(message: Message): void;
  toast(text: string): void;
}

export const deskKey: InjectionKey<Desk> = Symbol("desk");

export function useDesk(): Desk {
  return inject(deskKey)!;
}
