# Is never twice the same process, nor in the same session: it starts itself anew, and ends.
echo hop
setsid sh "$0" &
