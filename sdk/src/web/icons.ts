/**
 * The page's icons: drawn on 24 × 24, as strokes of width 1.75 with round ends. One string per icon; shapes are
 * separated by `|`: a path's `d`, or `o cx cy r` for a circle, or `r x y w h radius` for a rectangle.
 */
export const icons: Readonly<Record<string, string>> = {
  'arrow-down': 'M12 5v14|M6 13l6 6 6-6',
  'arrow-left': 'M19 12H5|M11 6l-6 6 6 6',
  'arrow-right': 'M5 12h14|M13 6l6 6-6 6',
  'arrow-up': 'M12 19V5|M6 11l6-6 6 6',
  bell: 'M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7|M10 20a2 2 0 0 0 4 0',
  bolt: 'M13 3L5 13.5h6L10 21l9-11h-6.5z',
  book: 'M5 5a2 2 0 0 1 2-2h12v15H7a2 2 0 0 0-2 2z|M5 20a1 1 0 0 0 1 1h13v-3|M9 7h6',
  box: 'M4 8l8-4.5L20 8v8l-8 4.5L4 16z|M4 8l8 4.5L20 8|M12 12.5v8|M8 5.8l8 4.5',
  brain:
    'M12 6a3 3 0 0 0-5.6-1.4A3.2 3.2 0 0 0 4.5 10 3.4 3.4 0 0 0 6 16.3 3 3 0 0 0 12 18z|M12 6a3 3 0 0 1 5.6-1.4 3.2 3.2 0 0 1 1.9 5.4A3.4 3.4 0 0 1 18 16.3 3 3 0 0 1 12 18z',
  calendar: 'r 4 5 16 15 2|M4 10h16|M8 3v4|M16 3v4',
  chart: 'M4 4v16h16|M8 16v-4|M12.5 16V8|M17 16v-6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  'chevron-down': 'M6 9.5l6 6 6-6',
  'chevron-left': 'M14.5 6l-6 6 6 6',
  'chevron-right': 'M9.5 6l6 6-6 6',
  'chevron-up': 'M6 14.5l6-6 6 6',
  circle: 'o 12 12 8.5',
  'circle-check': 'o 12 12 8.5|M8.3 12.3l2.6 2.6 4.9-5.4',
  'circle-info': 'o 12 12 8.5|M12 11.5v4.5|M12 8v.01',
  'circle-play': 'o 12 12 8.5|M10.3 8.8l5 3.2-5 3.2z',
  'circle-question': 'o 12 12 8.5|M9.6 9.6a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.7|M12 16.4v.01',
  'circle-stop': 'o 12 12 8.5|r 9.3 9.3 5.4 5.4 1',
  'circle-x': 'o 12 12 8.5|M9.3 9.3l5.4 5.4|M14.7 9.3l-5.4 5.4',
  clock: 'o 12 12 8.5|M12 7v5l3.2 2',
  cloud: 'M7 18.5a4 4 0 0 1-.6-8A5.5 5.5 0 0 1 17 9.2a4.7 4.7 0 0 1 .3 9.3z',
  code: 'M8.5 7L3.5 12l5 5|M15.5 7l5 5-5 5|M13.5 5l-3 14',
  command: 'M9 9V6.5A2.5 2.5 0 1 0 6.5 9h11A2.5 2.5 0 1 0 15 6.5v11a2.5 2.5 0 1 0 2.5-2.5h-11A2.5 2.5 0 1 0 9 17.5z',
  copy: 'r 8.5 8.5 12 12 2|M15.5 8.5v-3a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h3',
  cpu: 'r 6 6 12 12 2|r 10 10 4 4 .5|M9.5 6V3|M14.5 6V3|M9.5 21v-3|M14.5 21v-3|M6 9.5H3|M6 14.5H3|M21 9.5h-3|M21 14.5h-3',
  cube: 'M12 3l8 4.5v9L12 21l-8-4.5v-9z|M4 7.5l8 4.5 8-4.5|M12 12v9',
  database:
    'M4.5 6.5c0-1.7 3.4-3 7.5-3s7.5 1.3 7.5 3-3.4 3-7.5 3-7.5-1.3-7.5-3z|M4.5 6.5v11c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3v-11|M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3',
  desktop: 'r 3 4 18 12.5 2|M12 16.5V20|M8 20.5h8',
  dna: 'M7 3c0 6 10 6 10 12v6|M17 3c0 6-10 6-10 12v6|M8 6h8|M8.5 17h7.5|M10 9h4|M10 14.5h4',
  download: 'M12 4v11|M7 10.5l5 5 5-5|M4.5 19.5h15',
  ellipsis: 'o 5.5 12 .6|o 12 12 .6|o 18.5 12 .6',
  'ellipsis-vertical': 'o 12 5.5 .6|o 12 12 .6|o 12 18.5 .6',
  external:
    'M13.5 4.5h6v6|M19.5 4.5l-9 9|M17.5 13.5V18a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 18V8A1.5 1.5 0 0 1 6 6.5h4.5',
  eye: 'M2.5 12C4.3 8 7.8 5.8 12 5.8S19.7 8 21.5 12c-1.8 4-5.3 6.2-9.5 6.2S4.3 16 2.5 12z|o 12 12 2.8',
  'eye-slash':
    'M9.8 6.1A9.8 9.8 0 0 1 12 5.8c4.2 0 7.7 2.2 9.5 6.2a12 12 0 0 1-2 3|M6.3 7.4A11.4 11.4 0 0 0 2.5 12c1.8 4 5.3 6.2 9.5 6.2a9.8 9.8 0 0 0 4.8-1.2|M10 10a2.8 2.8 0 0 0 4 4|M4 4l16 16',
  file: 'M6.5 3.5h7l5 5v10.5a1.5 1.5 0 0 1-1.5 1.5h-10.5a1.5 1.5 0 0 1-1.5-1.5v-14a1.5 1.5 0 0 1 1.5-1.5z|M13.5 3.5v5h5',
  'file-text':
    'M6.5 3.5h7l5 5v10.5a1.5 1.5 0 0 1-1.5 1.5h-10.5a1.5 1.5 0 0 1-1.5-1.5v-14a1.5 1.5 0 0 1 1.5-1.5z|M13.5 3.5v5h5|M8.5 13h7|M8.5 16.5h5',
  filter: 'M4 6.5h16|M7 12h10|M10 17.5h4',
  flask: 'M9.5 3.5v6L4.7 18a1.7 1.7 0 0 0 1.5 2.5h11.6a1.7 1.7 0 0 0 1.5-2.5L14.5 9.5v-6|M8 3.5h8|M7.5 14.5h9',
  folder:
    'M3.5 7A1.5 1.5 0 0 1 5 5.5h4.5l2 2.5H19a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5z',
  'folder-plus':
    'M3.5 7A1.5 1.5 0 0 1 5 5.5h4.5l2 2.5H19a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5z|M12 11v5|M9.5 13.5h5',
  gear: 'o 12 12 3|M19 12a7 7 0 0 0-.1-1.3l2-1.5-2-3.4-2.3 1a7 7 0 0 0-2.3-1.3L14 3h-4l-.3 2.5a7 7 0 0 0-2.3 1.3l-2.3-1-2 3.4 2 1.5a7 7 0 0 0 0 2.6l-2 1.5 2 3.4 2.3-1a7 7 0 0 0 2.3 1.3L10 21h4l.3-2.5a7 7 0 0 0 2.3-1.3l2.3 1 2-3.4-2-1.5A7 7 0 0 0 19 12z',
  globe:
    'o 12 12 8.5|M3.5 12h17|M12 3.5c2.4 2.4 3.6 5.2 3.6 8.5s-1.2 6.1-3.6 8.5c-2.4-2.4-3.6-5.2-3.6-8.5s1.2-6.1 3.6-8.5z',
  grid: 'r 4 4 6.5 6.5 1.5|r 13.5 4 6.5 6.5 1.5|r 4 13.5 6.5 6.5 1.5|r 13.5 13.5 6.5 6.5 1.5',
  hourglass:
    'M6.5 3.5h11|M6.5 20.5h11|M7.5 3.5v3c0 3 4.5 3.5 4.5 5.5s-4.5 2.5-4.5 5.5v3|M16.5 3.5v3c0 3-4.5 3.5-4.5 5.5s4.5 2.5 4.5 5.5v3',
  image: 'r 3.5 4.5 17 15 2|o 8.5 9.5 1.5|M4 17l5-4.5 3.5 3 3-2.5 5 4.5',
  key: 'o 8 15.5 4|M11 12.5l8.5-8.5|M16 7.5l2.5 2.5|M13.5 10l2 2',
  link: 'M10 13.5a4 4 0 0 0 5.7.3l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2|M14 10.5a4 4 0 0 0-5.7-.3l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2',
  list: 'M9 6.5h11|M9 12h11|M9 17.5h11|M4.5 6.5v.01|M4.5 12v.01|M4.5 17.5v.01',
  'list-check': 'M11.5 6.5H20|M11.5 12H20|M11.5 17.5H20|M4 6.5l1.5 1.5L8.5 5|M4 16.5l1.5 1.5 3-3|M5 12h2.5',
  loader: 'M12 3.5v4|M12 16.5v4|M3.5 12h4|M16.5 12h4|M6 6l2.8 2.8|M15.2 15.2L18 18|M6 18l2.8-2.8|M15.2 8.8L18 6',
  lock: 'r 5 10.5 14 10 2|M8 10.5V8a4 4 0 0 1 8 0v2.5',
  'log-out': 'M9.5 4.5H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.5h3.5|M15.5 8l4 4-4 4|M19.5 12H10',
  memory: 'r 3.5 7.5 17 8.5 1.5|M7.5 10.5v2.5|M12 10.5v2.5|M16.5 10.5v2.5|M6 16v3|M10 16v3|M14 16v3|M18 16v3',
  minus: 'M5 12h14',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  move: 'M3.5 7A1.5 1.5 0 0 1 5 5.5h4.5l2 2.5H19a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5z|M9 13.5h6|M12.5 11l2.5 2.5-2.5 2.5',
  notebook: 'r 6 3.5 14 17 2|M3.5 8h4|M3.5 12h4|M3.5 16h4|M11 8h5|M11 12h5',
  package: 'M4 8l8-4.5L20 8v8l-8 4.5L4 16z|M4 8l8 4.5L20 8|M12 12.5v8',
  pause: 'M9 5.5v13|M15 5.5v13',
  pen: 'M4 20l1-4.5L16.5 4a2 2 0 0 1 2.8 0l.7.7a2 2 0 0 1 0 2.8L8.5 19z|M14.5 6l3.5 3.5',
  phone: 'r 7 3 10 18 2.5|M11 17.8h2',
  play: 'M7.5 4.5l11 7.5-11 7.5z',
  plus: 'M12 5v14|M5 12h14',
  'puzzle-piece': 'M9.5 5.5a2 2 0 1 1 4 0V7H18v4.5h-1a2 2 0 1 0 0 4h1V20h-4.5v-1a2 2 0 1 0-4 0v1H5V7h4.5z',
  refresh: 'M19.5 6v4.5H15|M4.5 18v-4.5H9|M6 9.5a6.5 6.5 0 0 1 11-2.5l2.5 3.5|M18 14.5a6.5 6.5 0 0 1-11 2.5l-2.5-3.5',
  scissors: 'o 6.5 7 2.5|o 6.5 17 2.5|M8.7 8.4L19 16.5|M8.7 15.6L19 7.5',
  search: 'o 11 11 6.5|M16 16l4.5 4.5',
  server: 'r 4 4 16 7 2|r 4 13 16 7 2|M8 7.5v.01|M8 16.5v.01|M12 7.5h4|M12 16.5h4',
  shield: 'M12 3l7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6z',
  sliders: 'M4 7h8|M16 7h4|M4 17h4|M12 17h8|o 14 7 2|o 10 17 2',
  sparkles: 'M11 4l1.8 5.2L18 11l-5.2 1.8L11 18l-1.8-5.2L4 11l5.2-1.8z|M18.5 15.5v5|M16 18h5',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z',
  stop: 'r 6 6 12 12 2',
  sun: 'o 12 12 4|M12 2.5v2|M12 19.5v2|M2.5 12h2|M19.5 12h2|M5.3 5.3l1.4 1.4|M17.3 17.3l1.4 1.4|M5.3 18.7l1.4-1.4|M17.3 6.7l1.4-1.4',
  table: 'r 3.5 4.5 17 15 2|M3.5 9.5h17|M3.5 14.5h17|M10 9.5v10',
  telescope: 'M4 13.5l11.5-6 2.5 5-11.5 4.5z|M14.5 6l3-1.5 3.5 7-3 1.3|M11 15.5l-3 5.5|M12.5 15l3.5 6',
  terminal: 'r 3.5 4.5 17 15 2|M7.5 9.5l3 2.5-3 2.5|M12.5 15h4',
  trash: 'M4.5 6.5h15|M9 6.5v-2h6v2|M6.5 6.5l1 13.5h9l1-13.5|M10.5 10.5v5.5|M13.5 10.5v5.5',
  'triangle-alert': 'M12 4l9 15.5H3z|M12 10v4.5|M12 17v.01',
  upload: 'M12 16V5|M7 9.5l5-5 5 5|M4.5 19.5h15',
  user: 'o 12 8 4|M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6',
  users:
    'o 9 8.5 3.5|M2.5 19.5c.6-3.4 3.2-5.2 6.5-5.2s5.9 1.8 6.5 5.2|M15.5 5.3a3.5 3.5 0 0 1 0 6.4|M17.5 14.6c2.2.6 3.6 2.3 4 4.9',
  wifi: 'M3 9.5a13 13 0 0 1 18 0|M6.5 13.2a8 8 0 0 1 11 0|M9.8 16.7a3.3 3.3 0 0 1 4.4 0|M12 20v.01',
  'wifi-off':
    'M3 9.5a13 13 0 0 1 5-3.1|M12.5 5.6A13 13 0 0 1 21 9.5|M6.5 13.2a8 8 0 0 1 4-2.2|M9.8 16.7a3.3 3.3 0 0 1 4.4 0|M12 20v.01|M4 4l16 16',
  x: 'M6 6l12 12|M18 6L6 18',
};

/** Other names that the same pictures go by, so that authors find them by the name they know. */
export const iconAliases: Readonly<Record<string, string>> = {
  xmark: 'x',
  close: 'x',
  delete: 'trash',
  edit: 'pen',
  'circle-xmark': 'circle-x',
  'magnifying-glass': 'search',
  warning: 'triangle-alert',
  info: 'circle-info',
  'external-link': 'external',
  microchip: 'cpu',
  jupyter: 'notebook',
  hdd: 'database',
  indeterminate: 'minus',
  'angles-left': 'chevron-left',
  'angles-right': 'chevron-right',
};

/** The SVG markup inside the icon's `<svg viewBox="0 0 24 24">`; of `puzzle-piece` for a name that isn't there. */
export function iconShapes(name: string): readonly IconShape[] {
  const drawing = icons[name] ?? icons[iconAliases[name] ?? ''] ?? icons['puzzle-piece'] ?? '';
  return drawing.split('|').map(parseShape);
}

/** One shape of an icon: an SVG element's name and attributes. */
export type IconShape =
  | { readonly tag: 'path'; readonly d: string }
  | { readonly tag: 'circle'; readonly cx: string; readonly cy: string; readonly r: string }
  | {
      readonly tag: 'rect';
      readonly x: string;
      readonly y: string;
      readonly width: string;
      readonly height: string;
      readonly rx: string;
    };

function parseShape(text: string): IconShape {
  const [kind = '', a = '', b = '', c = '', d = '', e = ''] = text.split(' ');
  if (kind === 'o') return { tag: 'circle', cx: a, cy: b, r: c };
  if (kind === 'r') return { tag: 'rect', x: a, y: b, width: c, height: d, rx: e };
  return { tag: 'path', d: text };
}
