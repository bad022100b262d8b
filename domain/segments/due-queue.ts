/** Numbers ordered by when they are due: a binary heap that knows the place of each. */
export class DueQueue {
  readonly #heap: number[] = [];
  readonly #placeOf: Int32Array;
  readonly #dueAt: Float64Array;

  /** @param size Numbers from 0 up to, not including, this one may be due. */
  constructor(size: number) {
    this.#placeOf = new Int32Array(size).fill(-1);
    this.#dueAt = new Float64Array(size).fill(Infinity);
  }

  /** When the soonest is due; `Infinity` when none is. */
  get nextAt(): number {
    const [top] = this.#heap;
    return top === undefined ? Infinity : this.dueAt(top);
  }

  dueAt(number: number): number {
    return this.#dueAt[number] ?? Infinity;
  }

  /** `Infinity` takes it out. */
  set(number: number, at: number): void {
    const before = this.dueAt(number);
    if (at === before) return;
    this.#dueAt[number] = at;
    const place = this.#placeOf[number] ?? -1;
    if (at === Infinity) this.#remove(place);
    else if (place < 0) {
      this.#put(this.#heap.length, number);
      this.#rise(this.#heap.length - 1);
    } else if (at < before) this.#rise(place);
    else this.#sink(place);
  }

  /** Everything that is due, in no order. It stays until it is set anew. */
  due(now: number): number[] {
    const found: number[] = [];
    const places = [0];
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const number = this.#heap[place];
      if (number === undefined || this.dueAt(number) > now) continue;
      found.push(number);
      places.push(2 * place + 1, 2 * place + 2);
    }
    return found;
  }

  #remove(place: number): void {
    const gone = this.#heap[place];
    const last = this.#heap.pop();
    if (gone === undefined || last === undefined) return;
    this.#placeOf[gone] = -1;
    if (last === gone) return;
    this.#put(place, last);
    this.#rise(place);
    this.#sink(this.#placeOf[last] ?? place);
  }

  #rise(from: number): void {
    const number = this.#heap[from];
    if (number === undefined) return;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.#heap[above];
      if (other === undefined || this.dueAt(other) <= this.dueAt(number)) break;
      this.#put(place, other);
      place = above;
    }
    this.#put(place, number);
  }

  #sink(from: number): void {
    const number = this.#heap[from];
    if (number === undefined) return;
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      let below = left;
      if (this.#dueOf(right) < this.#dueOf(left)) below = right;
      const other = this.#heap[below];
      if (other === undefined || this.dueAt(other) >= this.dueAt(number)) break;
      this.#put(place, other);
      place = below;
    }
    this.#put(place, number);
  }

  #dueOf(place: number): number {
    const number = this.#heap[place];
    return number === undefined ? Infinity : this.dueAt(number);
  }

  #put(place: number, number: number): void {
    this.#heap[place] = number;
    this.#placeOf[number] = place;
  }
}
