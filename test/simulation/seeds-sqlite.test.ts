/** Histories on SQLite, in which nothing may be wrong. */
import { testSeeds } from './seeds.ts';

testSeeds('sqlite');
