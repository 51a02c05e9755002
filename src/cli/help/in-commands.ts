/** What a hint says of requests and commands, as it is typed here: `jobsched key list` becomes `npx jobsched key list`. */

/** What is for whoever builds a URL. */
const REQUESTS = [
  ['GET /api/workers lists', 'jobsched workers lists'],
  ['Ask for a preview of the schedule to see its next times.', "jobsched next 'SCHEDULE' shows when one comes."],
] as const;

const ASKING =
  /(?<![\w/.-])(?<!npx )(?:jobsched (?=(?:key|queues|workers|next|context|import)\b)|(?<=See: )jobsched )/g;
const DAEMONS = /(?<![\w/.-])(?<!npx )jobsched (?=(?:standalone|serve|worker)\b)/g;

/** @param program what calls this program again, on the same server if need be. */
export function inCommands(hint: string, program: string): string {
  const typed = REQUESTS.reduce((text, [request, command]) => text.replaceAll(request, command), hint);
  return typed.replaceAll(ASKING, () => `${program} `);
}

/** The same of what starts a daemon, which asks no server. */
export function inDaemons(hint: string, program: string): string {
  return hint.replaceAll(DAEMONS, () => `${program} `);
}
