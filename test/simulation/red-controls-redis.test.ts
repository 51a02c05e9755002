/** What the simulation sees when a guard is missing on Redis. */
import { testRedControls } from './red-controls.ts';

testRedControls('redis');
