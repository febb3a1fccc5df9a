-- A workspace's settings can be changed afterwards: whom to call when it smells of gas is not always known at the start.

grant update (settings) on workspace to {app_role};
