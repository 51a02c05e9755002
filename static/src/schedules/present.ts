/** The present, for what shows hours: it goes on every ten seconds, and what shows it is drawn again only then. */
import { computed } from '@preact/signals';
import { now } from '../clock.ts';

const STEP_MS = 10_000;

export const present = computed(() => Math.floor(now.value / STEP_MS) * STEP_MS);
