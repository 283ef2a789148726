/** Drawn here rather than taken from a library: two dozen strokes weigh less than its loader. */
export const SHAPES = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  search: "M11 4a7 7 0 1 1 0 14a7 7 0 0 1 0-14zM16.2 16.2L20.5 20.5",
  jump: "M5 12h13.5M13 6.5l5.5 5.5l-5.5 5.5",
  person: "M12 4a3.8 3.8 0 1 1 0 7.6A3.8 3.8 0 0 1 12 4zM4.8 20c.5-4 3.3-5.8 7.2-5.8s6.7 1.8 7.2 5.8",
  plus: "M12 5v14M5 12h14",
  compass: "M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18zM15.5 8.5l-2 5l-5 2l2-5z",
  people:
    "M9 5a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 9 5zM3 19c.4-3.4 2.8-5 6-5s5.6 1.6 6 5M15.5 5.3a3 3 0 0 1 0 5.8M17.5 14.5c2 .6 3.2 2.1 3.5 4.5",
  send: "M4.5 12h8M4.5 12L3.5 4.5L21 12L3.5 19.5z",
  reply: "M10 6L4.5 11.5L10 17M5 11.5h8.5c3.5 0 6 2 6.5 6",
  edit: "M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  trash: "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.2 11v5M13.8 11v5",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1-1",
  copy: "M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9",
  down: "M12 5v14M6 13l6 6l6-6",
  lock: "M6 11h12v8.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  check: "M5 12.5l4.5 4.5L19 7.5",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
  keyboard: "M3.5 6.5h17v11h-17zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8",
  exit: "M10 4.5H5v15h5M14.5 8l4 4l-4 4M18.5 12H9.5",
  online: "M5 12.5a10 10 0 0 1 14 0M8 15.7a5.7 5.7 0 0 1 8 0M12 19h.01M2.5 9.3a13.5 13.5 0 0 1 19 0",
  offline:
    "M4 4l16 16M5 12.5a10 10 0 0 1 4.5-2.5M14.5 10a10 10 0 0 1 4.5 2.5M9 15.2a5.5 5.5 0 0 1 5 -.9M12 19h.01M2.5 9.3a13.5 13.5 0 0 1 3.8-2.5M10.5 5.6a13.5 13.5 0 0 1 11 3.7",
  message: "M4 5.5h16v11H11l-4.5 3.5v-3.5H4z",
  warning: "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17h.01",
  star: "M12 3.8l2.5 5.2l5.7.8l-4.1 4l1 5.6l-5.1-2.7l-5.1 2.7l1-5.6l-4.1-4l5.7-.8z",
  chevron: "M8 10l4 4l4-4",
} as const;

export type IconName = keyof typeof SHAPES;
