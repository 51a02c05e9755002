# Is never twice the same process, nor in the same session: it starts itself anew, and ends.
setsid sh "$0" &
