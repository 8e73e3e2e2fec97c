"""Calls itself, holds what would like to be markup, and fails."""

MARKUP = "<img src=x onerror=\"document.body.dataset.ran='yes'\"><script>document.body.dataset.ran='yes'</script>"


def count(n, said):
    left = n - 1
    if left < 0:
        raise ValueError(said)
    return count(left, said)


count(3, MARKUP + "\u202e[link](command:workbench.action.quit)")
