/** The height of one line of the log, in pixels; style/logs.css has the same. */
export const ROW = 18;

/** The highest that browsers make an element reliably. */
const HIGHEST = 15_000_000;

/** Which lines are in sight. */
export interface IWindow {
  /** The height of everything, as the scroll bar shows it. */
  height: number;
  first: number;
  rows: number;
  /** How far the first line is above the edge, in pixels. */
  shift: number;
  /** Where to scroll to, to have a line at the upper edge. */
  topOf(line: number): number;
}

/**
 * The window on a list of lines. A list that is higher than an element may be
 * scrolls by proportion: one step of the scroll bar is several lines.
 */
export function windowAt(lines: number, sight: number, top: number): IWindow {
  const full = lines * ROW;
  const rows = Math.ceil(sight / ROW) + 1;
  if (full <= HIGHEST) {
    const at = Math.max(0, Math.min(top, full - sight));
    const first = Math.floor(at / ROW);
    return { height: full, first, rows, shift: at - first * ROW, topOf: line => line * ROW };
  }
  const most = lines - Math.floor(sight / ROW);
  const way = HIGHEST - sight;
  const first = Math.max(0, Math.min(most, Math.round((top / way) * most)));
  return { height: HIGHEST, first, rows, shift: 0, topOf: line => (line / most) * way };
}
