"use strict";
/** All functions of the page's own scripts. This file comes first; the others add to it. */
const spikelib = {};

(() => {
  const TYPES = { u1: Uint8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

  /** Whether this browser can unpack what the page holds. */
  spikelib.canUnpack = () => typeof DecompressionStream === "function";

  /**
   * Unpack what spikelib/page/packing.py packed: name -> typed array with a `shape`.
   * @param {{arrays: Object, bytes: string}} packed
   * @returns {Promise<Object>}
   */
  spikelib.unpack = async (packed) => {
    const text = atob(packed.bytes);
    const zipped = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) zipped[i] = text.charCodeAt(i);
    const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const arrays = {};
    let start = 0;
    for (const [name, told] of Object.entries(packed.arrays)) {
      const size = TYPES[told.type].BYTES_PER_ELEMENT;
      const count = told.shape.reduce((product, length) => product * length, 1);
      arrays[name] = join(bytes.subarray(start, start + count * size), count, told);
      start += count * size;
    }
    return arrays;
  };

  /** Put the bytes of each number together again, then add up differences. */
  function join(planes, count, told) {
    const Type = TYPES[told.type];
    const size = Type.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(count * size);
    for (let plane = 0; plane < size; plane++) {
      // Stored little endian; typed arrays have the order of the machine, which is little endian on all that browse.
      for (let i = 0, from = plane * count, to = plane; i < count; i++, from++, to += size) bytes[to] = planes[from];
    }
    const values = new Type(bytes.buffer);
    if (told.delta) for (let i = 1; i < count; i++) values[i] += values[i - 1];
    values.shape = told.shape;
    return values;
  }
})();
