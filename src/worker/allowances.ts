/**
 * How long commands may live without another word from this worker: it may itself stand still, and then the stand-in
 * (`executor/stand-in.ts`) ends them by the deadlines of `contact.ts`, so that none runs beside its own retry.
 */
import type { Clock } from '../clock.ts';
import type { Millis } from '../domain/instant.ts';
import type { Outcome } from '../domain/run.ts';
import type { Assignment } from './assignment.ts';
import { contactDeadlines } from './contact.ts';
import type { StandIn } from './executor/stand-in.ts';

interface Allowance {
  /** Null when it is gone, or left alone. */
  readonly group: number | null;
  /** By the monotonic clock. */
  readonly termAt: Millis;
  /** Whether one before it ran out, so that the stand-in may have ended the command. */
  readonly ranOut: boolean;
}

export class Allowances {
  readonly #standIn: StandIn | null;
  readonly #clock: Clock;
  readonly #allowances = new Map<Assignment, Allowance>();

  /** @param standIn null where nobody else can begin a run anew: then nothing is done. */
  constructor(standIn: StandIn | null, clock: Clock) {
    this.#standIn = standIn;
    this.#clock = clock;
  }

  /**
   * Whether its command may begin without another word from the store. Past its deadline the run may be somebody else's: this
   * worker stood still since the claim.
   */
  mayStart({ renewedAt, claimed }: Assignment): boolean {
    return this.#standIn === null || this.#clock.monotonic() < contactDeadlines(renewedAt, claimed.definition).termAt;
  }

  /** @param group its command's. */
  started(assignment: Assignment, group: number): void {
    if (this.#standIn && assignment.alive) this.#allow(assignment, group, false);
  }

  renewed(assignment: Assignment): void {
    const before = this.#allowances.get(assignment);
    if (before && !assignment.contactLost) this.#allow(assignment, before.group, this.#hasRunOut(before));
  }

  /** This worker ends the command itself, and need not be helped but with the KILL. */
  ending(assignment: Assignment, graceMs: Millis): void {
    const group = this.#allowances.get(assignment)?.group ?? null;
    if (group !== null) this.#standIn?.allow(group, graceMs, graceMs);
  }

  /** To be called in the turn in which it was found so: a stand-in that believed it ours could end somebody else's. */
  groupGone(assignment: Assignment): void {
    const allowance = this.#allowances.get(assignment);
    if (allowance?.group == null) return;
    this.#standIn?.forget(allowance.group);
    this.#allowances.set(assignment, { ...allowance, group: null });
  }

  /** Whether the stand-in may have ended the command by now, or part of it. */
  hasRunOut(assignment: Assignment): boolean {
    const allowance = this.#allowances.get(assignment);
    return allowance !== undefined && this.#hasRunOut(allowance);
  }

  /** @returns what is to be told of an end: a failure that may be the stand-in's doing is not the command's own. */
  ended(assignment: Assignment, outcome: Outcome): Outcome {
    const allowance = this.#allowances.get(assignment);
    if (!allowance) return outcome;
    this.groupGone(assignment);
    this.#allowances.delete(assignment);
    return this.#hasRunOut(allowance) && !assignment.contactLost ? asLost(outcome) : outcome;
  }

  #allow(assignment: Assignment, group: number | null, ranOut: boolean): void {
    const now = this.#clock.monotonic();
    const { termAt, killAt } = contactDeadlines(assignment.renewedAt, assignment.claimed.definition);
    this.#allowances.set(assignment, { group, termAt, ranOut });
    if (group !== null) this.#standIn?.allow(group, termAt - now, killAt - now);
  }

  #hasRunOut({ ranOut, termAt }: Allowance): boolean {
    return ranOut || this.#clock.monotonic() > termAt;
  }
}

function asLost(outcome: Outcome): Outcome {
  if (outcome.status !== 'failed') return outcome;
  switch (outcome.reason) {
    case 'exit':
      return { status: 'failed', reason: 'lost', detail: STOOD_STILL, exitCode: outcome.exitCode, signal: null };
    case 'signal':
      return { status: 'failed', reason: 'lost', detail: STOOD_STILL, exitCode: null, signal: outcome.signal };
    default:
      return outcome;
  }
}

const STOOD_STILL = 'its worker stood still for too long';
