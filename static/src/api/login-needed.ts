/** Whether the server wants to know first who is there: it said so when the page began, or now that a session has ended. */
import { signal } from '@preact/signals';

export const loginNeeded = signal(false);

/** How often somebody has logged in here: what was refused before is asked for anew. */
export const logins = signal(0);
