// Quantities as people write them on a command line or in a launch configuration. Each answers undefined for what it does
// not understand, so that the caller can say which attribute is wrong.

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Bytes: `64M`, `512K`, `1048576`, or a number. */
export function parseSize(value: string | number): number | undefined {
  const match = /^\s*(\d+)\s*([KMG]?)(?:i?B)?\s*$/i.exec(String(value));
  return match ? Number(match[1]) * UNITS[match[2]!.toUpperCase()]! : undefined;
}

/** A whole number from 1 on, underscores and an exponent allowed: `1_000_000`, `5e6`. */
export function parseCount(value: string | number): number | undefined {
  const text = String(value).replaceAll('_', '').trim();
  if (!/^\d+(e\d+)?$/i.test(text)) return undefined;
  const count = Number(text);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

/** Unix seconds of a date: `2026-01-31T12:00:00Z` (UTC when it does not say). */
export function parseTime(value: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(Z)?)?$/.exec(value.trim());
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59)
    return undefined;
  return (daysSince1970(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

function daysSince1970(year: number, month: number, day: number): number {
  const leaps = (y: number): number => Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  let days = (year - 1970) * 365 + leaps(year - 1) - leaps(1969) + day - 1;
  for (let m = 1; m < month; m++) days += daysIn(year, m);
  return days;
}
