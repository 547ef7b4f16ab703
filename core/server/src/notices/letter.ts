/** What an e-mail about the start of a task is made from. */
export interface LetterFacts {
  /** Name of the site. */
  readonly site: string;
  /** Name of the user. */
  readonly user: string;
  readonly locale: string;
  readonly timezone: string;
  /** Name of the task; of the software; of the computing. */
  readonly task: string;
  readonly software: string;
  readonly computing: string;
  readonly startedAt: Date;
  readonly hasEnded: boolean;
  /** The task's page. */
  readonly url: string;
}

/** An e-mail, plain text. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
}

const longestSubject = 120;

/** Words of people in one line: no control characters, nothing that turns the direction of writing. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** The e-mail about a task that has started. Pure. */
export function letterAtStart(facts: LetterFacts): Letter {
  const [site, user, task, software, computing] = [
    facts.site,
    facts.user,
    facts.task,
    facts.software,
    facts.computing,
  ].map(oneLine) as [string, string, string, string, string];
  const subject = cut(`${task} has started on ${computing}`, longestSubject);
  const end = facts.hasEnded ? 'It has ended since.' : 'Open it there, and stop it when you need it no more.';
  const text = `Hello ${user},

your task “${task}” (${software}) has started on ${computing}
at ${momentOf(facts)}. ${end}

${facts.url}

You asked for this e-mail when you launched the task.

-- 
${site}
`;
  return { subject, text };
}

function momentOf({ startedAt, locale, timezone }: LetterFacts): string {
  const style = { dateStyle: 'long', timeStyle: 'long', timeZone: timezone } as const;
  return oneLine(new Intl.DateTimeFormat(locale, style).format(startedAt));
}

function cut(text: string, length: number): string {
  const letters = Array.from(text);
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join('')}…`;
}

/** Whether mail to an address can get anywhere: those that a platform makes up for its first administrator can't. */
export function isDeliverable(address: string): boolean {
  const domain = /^[^@\s\p{Cc}]+@([^@\s\p{Cc}]+)$/u.exec(address)?.[1];
  return domain !== undefined && !/(^|\.)(localhost|invalid|local)$/i.test(domain);
}
