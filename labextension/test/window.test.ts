import { describe, expect, it } from 'vitest';
import { ROW, windowAt } from '../src/window';

describe('the window on a list', () => {
  it('shows the lines at the place that is scrolled to', () => {
    const w = windowAt(1000, 180, 5 * ROW + 4);
    expect([w.first, w.shift, w.rows, w.height]).toEqual([5, 4, 11, 1000 * ROW]);
  });

  it('reaches both ends of a list that is higher than an element may be', () => {
    const lines = 5_000_000;
    const { height } = windowAt(lines, 180, 0);
    expect(height).toBeLessThan(lines * ROW);
    expect(windowAt(lines, 180, 0).first).toBe(0);
    const end = windowAt(lines, 180, height - 180);
    expect(end.first + end.rows).toBeGreaterThanOrEqual(lines);
    const at = windowAt(lines, 180, end.topOf(1_234_567));
    expect(Math.abs(at.first - 1_234_567)).toBeLessThan(2);
  });

  it('is empty for an empty list', () => {
    expect(windowAt(0, 180, 50)).toMatchObject({ first: 0, height: 0, shift: 0 });
  });
});
