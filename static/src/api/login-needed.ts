/** Whether the server wants to know first who is there: it said so when the page began, or now that a session has ended. */
import { signal } from '@preact/signals';

export const loginNeeded = signal(false);
