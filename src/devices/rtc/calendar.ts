// Gregorian calendar arithmetic on plain numbers (the core has no Date).

export interface DateTime {
  year: number;
  month: number; // 1-12
  day: number; // 1-31
  hour: number;
  minute: number;
  second: number;
}

const DAYS_PER_400_YEARS = 146097;

/** Days from 1970-01-01 to 0000-03-01 of the proleptic calendar, where leap days fall at the end of a year. */
const EPOCH_SHIFT = 719468;

/** UTC date and time of a Unix time in seconds. */
export const fromUnixSeconds = (unix: number): DateTime => {
  const total = Math.floor(unix);
  const days = Math.floor(total / 86400);
  const rest = total - days * 86400;
  const shifted = days + EPOCH_SHIFT;
  const cycle = Math.floor(shifted / DAYS_PER_400_YEARS);
  const dayOfCycle = shifted - cycle * DAYS_PER_400_YEARS;
  const leapDays = Math.floor(dayOfCycle / 1460) - Math.floor(dayOfCycle / 36524) + Math.floor(dayOfCycle / 146096);
  const yearOfCycle = Math.floor((dayOfCycle - leapDays) / 365);
  const leapsBefore = Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + leapsBefore);
  // From March on, months run 31 30 31 30 31 | 31 30 31 30 31 | 31 ..: five months in 153 days.
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  return {
    year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * march + 2) / 5) + 1,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
  };
};

export const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

/** Day of the week, 1 = Sunday as in the RTC, by Zeller's congruence. */
export const dayOfWeek = ({ year, month, day }: DateTime): number => {
  const m = month < 3 ? month + 12 : month;
  const y = month < 3 ? year - 1 : year;
  const fromSaturday =
    (day + Math.floor((13 * (m + 1)) / 5) + y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) % 7;
  return ((fromSaturday + 6) % 7) + 1;
};
