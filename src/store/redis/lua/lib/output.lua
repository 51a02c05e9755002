-- What children wrote: blocks of frames, as src/domain/output/ has them. An attempt with all of its output in one block
-- that begins at 0 has no list of blocks.

local FRAME_HEADER = 11

-- What of the frames, which begin at offset, is new: cut into blocks, none of them across the head.
local function to_blocks(encoded, offset, skip, head)
  local blocks, open = {}, nil
  local at, position = offset, 1
  while position <= #encoded do
    local length = struct.unpack('>I4', encoded, position + 7)
    local head_of_frame = string.sub(encoded, position, position + 6)
    local first = position + FRAME_HEADER
    local left = length
    position = first + length
    if skip > 0 then
      local cut = math.min(skip, left)
      skip, left, first, at = skip - cut, left - cut, first + cut, at + cut
    end
    while left > 0 do
      if open and (at == head or open.encoded + FRAME_HEADER >= BLOCK_BYTES) then open = nil end
      if not open then
        open = { start = at, size = 0, encoded = 0, parts = {} }
        blocks[#blocks + 1] = open
      end
      local room = BLOCK_BYTES - open.encoded - FRAME_HEADER
      if at < head then room = math.min(room, head - at) end
      local taken = math.min(room, left)
      open.parts[#open.parts + 1] = head_of_frame .. struct.pack('>I4', taken)
      open.parts[#open.parts + 1] = string.sub(encoded, first, first + taken - 1)
      open.encoded = open.encoded + FRAME_HEADER + taken
      open.size = open.size + taken
      first, left, at = first + taken, left - taken, at + taken
    end
  end
  return blocks
end

local function frames_size(encoded)
  local size, position = 0, 1
  while position <= #encoded do
    local length = struct.unpack('>I4', encoded, position + 7)
    size = size + length
    position = position + FRAME_HEADER + length
  end
  return size
end

local function kept_from(limit, total)
  local head = math.floor(limit / 4)
  return math.max(head, total - (limit - head)), head
end

local function blocks_key(seq, attempt)
  return K .. 'b:' .. seq .. ':' .. attempt
end

local function block_key(seq, attempt, start)
  return K .. 't:' .. seq .. ':' .. attempt .. ':' .. start
end

-- Puts what of the frames is new behind what the newest attempt of the run wrote before. Returns 'ok' or 'duplicate'.
local function append_output(run, offset, encoded)
  local total, attempt = run.output_total or 0, whole(run.attempt)
  local kept = run.output_kept or total
  local limit = run.output_limit or OUTPUT_LIMIT
  local size = frames_size(encoded)
  local last = offset + size
  if size > 0 and last <= total then return 'duplicate' end
  local new_total = math.max(last, total)
  local before = kept_from(limit, total)
  local after, head = kept_from(limit, new_total)
  local list = blocks_key(run.seq, attempt)
  local blocks = to_blocks(encoded, offset, math.max(0, total - offset), head)

  -- The last block that is there: { start, end }.
  local known = call('ZRANGE', list, -1, -1)[1]
  local listed = known ~= nil
  if not known and total > 0 and kept == total then known = '0:' .. whole(total) end
  local added = 0
  for i, block in ipairs(blocks) do
    local text = table.concat(block.parts)
    added = added + block.size
    local start, stop = string.match(known or '', '^(%d+):(%d+)$')
    local key = start and block_key(run.seq, attempt, start)
    if i == 1 and start and tonumber(stop) == block.start and block.start ~= head
      and call('STRLEN', key) + #text <= BLOCK_BYTES then
      call('APPEND', key, text)
      if listed then call('ZREM', list, known) end
      known = start .. ':' .. whole(block.start + block.size)
      if listed then call('ZADD', list, start, known) end
    else
      call('SET', block_key(run.seq, attempt, whole(block.start)), text)
      local entry = whole(block.start) .. ':' .. whole(block.start + block.size)
      if known and not listed then call('ZADD', list, start, known) end
      if known or block.start > 0 then
        call('ZADD', list, whole(block.start), entry)
        listed = true
      end
      known = entry
    end
  end
  -- From here on the one block that begins at 0 is not all that was written: it has to be listed to be known.
  if known and not listed and (kept + added ~= new_total or before ~= after) then
    call('ZADD', list, string.match(known, '^%d+'), known)
    listed = true
  end

  local dropped, dropped_size = 0, 0
  if before ~= after and listed then
    for _, entry in ipairs(call('ZRANGEBYSCORE', list, whole(head), '(' .. whole(after))) do
      local start, stop = string.match(entry, '^(%d+):(%d+)$')
      local from, to = tonumber(start), tonumber(stop)
      if to > before then
        dropped = dropped + math.min(to, after) - math.max(from, before)
        if to <= after then
          call('UNLINK', block_key(run.seq, attempt, start))
          call('ZREM', list, entry)
          dropped_size = dropped_size + to - from
        end
      end
    end
  end
  count('output', added - dropped_size)
  local new_kept = kept + added - dropped
  save_run(run, { output_total = new_total, output_kept = new_kept ~= new_total and new_kept or false })
  run_changed(run.seq, run.job, run.number)
  return 'ok'
end
