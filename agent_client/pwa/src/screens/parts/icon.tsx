/** The app's icons: strokes on a grid of 24, coloured as the text around them. They repeat a word, so they are not read out. */

const PATHS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  shield: "M12 3l7.5 2.8v5.4c0 4.7-3.1 8-7.5 9.8-4.4-1.8-7.5-5.1-7.5-9.8V5.8zM12 8.2v4.6M12 16.2v.1",
  phone: "M6.5 3.5h3l1.6 4.2-2.1 1.6a12 12 0 0 0 5.7 5.7l1.6-2.1 4.2 1.6v3a2 2 0 0 1-2.2 2A16.6 16.6 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2z",
  navigate: "M20.5 3.5l-7 17-2.6-7.4L3.5 10.5z",
  check: "M5 12.5l4.6 4.6L19.5 7",
  cash: "M3 7h18v11H3zM12 12.5m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0M6 10v.1M18 15v.1",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6v.1M4.5 12v.1M4.5 18v.1",
  route: "M6.5 19.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17.5 8.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8.5 17.5h6a3 3 0 0 0 0-6h-5a3 3 0 0 1 0-6h6",
  more: "M5 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM19 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
  sync: "M20 11a8 8 0 0 0-14.4-3.6M4 5v4h4M4 13a8 8 0 0 0 14.4 3.6M20 19v-4h-4",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.2a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  pen: "M4 20l1-4.2L16.2 4.6a2 2 0 0 1 2.8 0l.4.4a2 2 0 0 1 0 2.8L8.2 19z",
  letter: "M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5",
  calendar: "M4 6h16v14H4zM4 10.5h16M8.5 3.5V7M15.5 3.5V7",
  plan: "M5 4h14v16H5zM8.5 8.5h7M8.5 12h7M8.5 15.5h4",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 8.5h7M8.5 12h4",
  people: "M9 11.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3 20c.4-3.5 2.8-5.5 6-5.5s5.6 2 6 5.5M15.5 5.3a3.2 3.2 0 0 1 0 6M17.3 14.9c2.1.7 3.4 2.4 3.7 5.1",
  person: "M12 11.5a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4zM5 20.5c.5-4 3.2-6 7-6s6.5 2 7 6",
  edit: "M4 19.500h16M6 15.500l8.8-8.8 2.5 2.500L8.5 18H6z",
  flag: "M6 21V4h11l-2 4 2 4H6",
  share: "M12 15.500V4M8 7.500L12 3.500l4 4M5 12v8h14v-8",
  print: "M7 8V3.500h10V8M7 17H4V9h16v8h-3M7 14h10v6.500H7z",
  qr: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v3h-3v3M14 19v1M20 20v.1",
  warn: "M12 4L2.8 20h18.400zM12 10v4.600M12 17.200v.1",
  stop: "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 18L18 6",
  info: "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.500M12 7.600v.1",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  bank: "M4 9.500L12 4l8 5.500zM6 10v7M10 10v7M14 10v7M18 10v7M4 20h16",
  swap: "M4 8h14l-3.5-3.500M20 16H6l3.5 3.5",
  chevron: "M9 5l7 7-7 7",
  erase: "M9 5.500h11.500v13H9L3 12zM12 9.500l5 5M17 9.500l-5 5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M18.7 5.300l-1.4 1.400M6.7 17.300l-1.4 1.4",
  pin: "M12 21s-6.5-5.8-6.5-11a6.5 6.5 0 0 1 13 0c0 5.2-6.5 11-6.5 11zM12 12.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600z",
  door: "M6 21V3.500h12V21M3 21h18M14.5 12v1",
  clock: "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.500V12l3.2 2",
  download: "M12 4v11.500M8 12l4 4 4-4M5 20h14",
  language: "M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.500c3 2.6 3.8 5.4 3.8 8.500s-.8 5.9-3.8 8.500c-3-2.6-3.8-5.4-3.8-8.500s.8-5.9 3.8-8.5",
  message: "M4 5h16v11H10l-4.5 4v-4H4z",
  moon: "M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z",
  receipt: "M6 3.500h12V21l-2.4-1.600L13.2 21 12 19.7 10.8 21l-2.4-1.600L6 21zM9 8h6M9 11.500h6M9 15h3",
  device: "M8 2.5h8A1.5 1.5 0 0 1 17.5 4v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5zM11 18.5h2",
  key: "M8 15.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 11.500h9M18 11.500v3.500M15 11.500v2.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
