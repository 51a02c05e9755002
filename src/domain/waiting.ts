/** What a pending run waits for, in the API's words, when nothing is in its way: it runs in a moment. */
export const NOTHING_IN_ITS_WAY = 'a worker to take it';
