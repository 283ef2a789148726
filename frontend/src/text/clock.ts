/** Times as people here write them. The server's are UTC; these are local. */
export interface Clock {
  time(at: string): string;
  full(at: string): string;
  day(at: string, now?: Date): string;
  /** As short as can be: the time of today, else the day. */
  short(at: string, now?: Date): string;
}

export function clock(locale: string): Clock {
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });
  const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
  const year = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
  const shortDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const shortYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

  return {
    time: (at) => time.format(new Date(at)),
    full: (at) => full.format(new Date(at)),
    day(at, now = new Date()) {
      const date = new Date(at);
      const age = Math.round((midnight(now) - midnight(date)) / 86_400_000);
      if (age === 0 || age === 1) return capitalized(relative.format(-age, "day"));
      return capitalized((date.getFullYear() === now.getFullYear() ? day : year).format(date));
    },
    short(at, now = new Date()) {
      const date = new Date(at);
      if (midnight(now) === midnight(date)) return time.format(date);
      return (date.getFullYear() === now.getFullYear() ? shortDay : shortYear).format(date);
    },
  };
}

function midnight(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
