/** A number of bytes for people. */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  while (n >= 1024 && at < units.length - 1) {
    n /= 1024;
    at++;
  }
  return `${n >= 100 || at === 0 ? Math.round(n) : n.toFixed(1)} ${units[at] ?? ''}`;
}

/** A number of seconds for people: 7 s, 3 min, 2 h 5 min. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) {
    return `${s} s`;
  }
  const minutes = Math.floor(s / 60);
  if (minutes < 60) {
    return s % 60 && minutes < 10 ? `${minutes} min ${s % 60} s` : `${minutes} min`;
  }
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ''}`;
}

/** The parts of a sentence, in turn plain and between backquotes. */
export function parts(sentence: string): { text: string; code: boolean }[] {
  return sentence
    .split('`')
    .map((text, at) => ({ text, code: at % 2 === 1 }))
    .filter(part => part.text !== '');
}

/** A moment for people: the time, and the day where it is not today's. */
export function clock(moment: number, now: number): string {
  const at = new Date(moment);
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return at.toDateString() === new Date(now).toDateString()
    ? at.toLocaleTimeString([], time)
    : at.toLocaleString([], { month: 'short', day: 'numeric', ...time });
}
