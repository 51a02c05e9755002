/** When nothing was scrolled for so long, scrolling is over. */
export const REST_MS = 150;
