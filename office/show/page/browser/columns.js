// Columns of numbers, from the text that packing.py made of them.

const ARRAYS = {
  u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array,
  f4: Float32Array, f8: Float64Array,
};

function column({ type, steps, data }) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const numbers = new ARRAYS[type](bytes.buffer);
  if (!steps) return numbers;
  const sums = new Float64Array(numbers.length);
  let sum = 0;
  for (let row = 0; row < sums.length; row++) sums[row] = sum += numbers[row];
  return sums;
}

// Each column of a table, by name.
function columns(table) {
  return Object.fromEntries(Object.entries(table).map(([name, packed]) => [name, packed.data === undefined ? packed : column(packed)]));
}

// How many of an ascending column are not above a limit.
function countUpTo(ascending, limit) {
  let low = 0, high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= limit) low = middle + 1; else high = middle;
  }
  return low;
}
