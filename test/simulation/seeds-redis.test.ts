/** Histories on Redis, in which nothing may be wrong. */
import { testSeeds } from './seeds.ts';

testSeeds('redis');
