/** Keys and tokens of sessions: 256 bits by chance, that nobody can guess and nobody but their owner keeps. */
import { hash, randomBytes } from 'node:crypto';
import type { SecretHash } from '../../store/keys.ts';

const BYTES = 32;

/** So that people and scanners of repositories know one when they see it. */
const KEY = 'jsk_';
const TOKEN = 'jss_';

export const newKeySecret = (): string => KEY + randomBytes(BYTES).toString('base64url');
export const newSessionToken = (): string => TOKEN + randomBytes(BYTES).toString('base64url');

/**
 * What is none cannot be known: nobody needs to ask the store for it. Told apart, so that the token of a session is no key:
 * a login with one would make a session that outlives it.
 */
export const isKeySecret = (text: string): boolean => /^jsk_[\w-]{43}$/.test(text);
export const isSessionToken = (text: string): boolean => /^jss_[\w-]{43}$/.test(text);

/**
 * A slow hash is for what people make up: of these no list can be tried. Secrets are looked for by their hash alone, so the
 * time that takes tells of no secret.
 */
export const hashSecret = (secret: string): SecretHash => hash('sha256', secret, 'hex');
