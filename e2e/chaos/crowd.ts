import { OperatorClient, OperatorRoom } from "./operator-client.ts";
import type { Random } from "./random.ts";
import { VisitorClient } from "./visitor-client.ts";
import type { World } from "./world.ts";

type Thread = { visitor: VisitorClient; rooms: OperatorRoom[]; isStillThere: boolean };

/** Everybody who talks during a run, those who have left included. */
export class Crowd {
  readonly threads: Thread[] = [];
  readonly operators: OperatorClient[];
  readonly #world: World;
  readonly #random: Random;
  readonly #lives: Promise<void>[] = [];

  constructor(world: World, operators: OperatorClient[], random: Random) {
    this.#world = world;
    this.operators = operators;
    this.#random = random;
  }

  /** Signs in the operators of the demo workspace, and as many invited ones as are asked for beyond them. */
  static async gather(world: World, operatorCount: number, random: Random): Promise<Crowd> {
    const owner = await OperatorClient.signIn(world, "owner@demo.test");
    const operators = [owner];
    for (let i = 1; i < operatorCount; i++) {
      operators.push(
        i === 1
          ? await OperatorClient.signIn(world, "agent@demo.test")
          : await owner.invite(`agent${i}@demo.test`),
      );
    }
    return new Crowd(world, operators, random);
  }

  /** Another visitor, with every operator in the conversation. */
  arrive(): void {
    const visitor = new VisitorClient(
      this.#world,
      `visitor ${this.threads.length + 1}`,
      this.#random.fork(),
    );
    const rooms = this.operators.map(
      (operator) =>
        new OperatorRoom(this.#world, operator, visitor, this.operators, this.#random.fork()),
    );
    this.threads.push({ visitor, rooms, isStillThere: true });
    this.#lives.push(visitor.live(), ...rooms.map((room) => room.live()));
  }

  /** Somebody who has written leaves with the next kill, all operators turn away, and somebody else comes. */
  replaceOne(): void {
    const leaving = this.#random.pick(
      this.present().filter(({ visitor }) => visitor.conversation !== null),
    );
    if (leaving === undefined) return;
    leaving.isStillThere = false;
    leaving.visitor.leave();
    for (const room of leaving.rooms) room.leave();
    this.arrive();
  }

  present(): Thread[] {
    return this.threads.filter((thread) => thread.isStillThere);
  }

  /** Who still waits for an answer, by name. */
  waiting(): string[] {
    return this.present().flatMap(({ visitor, rooms }) => [
      ...(visitor.hasAllAnswers ? [] : [visitor.name]),
      ...rooms.filter(({ room }) => room.outgoing.waiting.length > 0).map(({ name }) => name),
    ]);
  }

  async disperse(): Promise<void> {
    for (const { visitor, rooms } of this.threads) {
      visitor.hangUp();
      for (const room of rooms) room.hangUp();
    }
    await Promise.all(this.#lives);
  }
}
