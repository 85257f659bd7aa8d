/** What comes from outside is `unknown`; these take out of it what is there, in the type that is wanted. */

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function list<T>(value: unknown, decode: (one: unknown) => T): T[] {
  return Array.isArray(value) ? value.map(decode) : [];
}

/** A moment in milliseconds; 0 where there is none. */
export function moment(value: unknown): number {
  return Date.parse(text(value)) || 0;
}
