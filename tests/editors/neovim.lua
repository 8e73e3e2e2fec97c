-- What a person sees in Neovim: `nvim --headless -u NONE -i NONE -l neovim.lua`, with the recipe of docs/editors.md.
-- Told as one line of JSON on stdout.

local function wait(what, condition)
  if not vim.wait(20000, condition, 10) then
    io.stderr:write("this did not come: " .. what .. "\n")
    vim.cmd("cquit 1")
  end
end

-- Wherever the buffer is: a file of the workspace, or a source that is in the dump only.
local function look(told)
  local buffer = vim.api.nvim_get_current_buf()
  wait("the server", function()
    return #vim.lsp.get_clients({ bufnr = buffer, name = "crashsite" }) > 0
  end)
  wait("diagnostics", function()
    local first = vim.diagnostic.get(buffer)[1]
    -- The cause may come after the exception.
    return first ~= nil and first.message:find("\ncount is 0", 1, true) ~= nil
  end)
  local found = vim.diagnostic.get(buffer)[1]
  told.diagnostic = { line = found.lnum + 1, column = found.col, message = found.message }

  -- The float that a person gets.
  vim.api.nvim_win_set_cursor(0, { vim.fn.search("/ count", "w"), 0 })
  vim.fn.search("count")
  vim.lsp.buf.hover({ border = "single" })
  local float
  wait("the hover", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        float = window
      end
    end
    return float ~= nil
  end)
  told.hover = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false)
  vim.api.nvim_win_close(float, true)

  vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  wait("hints", function()
    return #vim.lsp.inlay_hint.get({ bufnr = buffer }) > 0
  end)
  told.hints = {}
  for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = buffer })) do
    told.hints[tostring(hint.inlay_hint.position.line + 1)] = hint.inlay_hint.label
  end

  vim.lsp.codelens.refresh({ bufnr = buffer })
  wait("lenses", function()
    return #vim.lsp.codelens.get(buffer) > 0
  end)
  told.lenses = {}
  for _, lens in ipairs(vim.lsp.codelens.get(buffer)) do
    table.insert(told.lenses, { lens.range.start.line + 1, lens.command.title })
  end

  told.calls = {}
  vim.lsp.buf.incoming_calls()
  wait("calls", function()
    return #vim.fn.getqflist() > 0
  end)
  for _, call in ipairs(vim.fn.getqflist()) do
    table.insert(told.calls, { call.lnum, call.text })
  end
  vim.fn.setqflist({})
  vim.cmd.cclose()
end

dofile(vim.env.RECIPE)

local told = { file = {}, source = {} }
vim.cmd.edit(vim.env.CRASHED)
vim.bo.filetype = "python"
look(told.file)

-- Up a frame, as the lens does; the hints follow.
local client = vim.lsp.get_clients({ name = "crashsite" })[1]
local select = { command = "crashsite.selectFrame", arguments = { { thread = 1, frame = 2 } } }
local moved = client:request_sync("workspace/executeCommand", select, 20000, 0)
wait("the cursor", function()
  return vim.api.nvim_win_get_cursor(0)[1] == moved.result.location.range.start.line + 1
end)
told.moved = vim.api.nvim_win_get_cursor(0)
wait("new hints", function()
  for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do
    if hint.inlay_hint.label == "n = 1" then
      return true
    end
  end
end)

-- The dump of a program whose file is gone.
local opened = client:request_sync("workspace/executeCommand", { command = "crashsite.openDump", arguments = { { path = vim.env.GONE } } }, 20000, 0)
vim.cmd.edit(vim.fn.fnameescape(opened.result.selected.location.uri))
told.name = vim.api.nvim_buf_get_name(0)
told.writable = vim.bo.modifiable
look(told.source)

io.stdout:write(vim.json.encode(told) .. "\n")
vim.cmd("qall!")
